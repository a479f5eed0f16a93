-- A consent no longer takes the refusal out of force that it names: it lifts it, for what it permits by itself (ADR 0198). Refusals that consents in force had
-- replaced, themselves or through rows that replaced each other, come back in one recording of their own, but where another refusal stands in their place. A
-- consent that stood there in the end, and not by its own "supersedes", is recorded with "lifts", as it goes on permitting what it did.
WITH RECURSIVE "chain" AS (
	SELECT r."key" AS "consent", r."content" ->> 'supersedes' AS "old", 1 AS "steps", r."id" = n."id" AS "is_said_now", ARRAY[r."key"] AS "seen"
	FROM "rights_rows" r CROSS JOIN LATERAL (
		SELECT "id", "content" FROM "rights_rows" WHERE "section" = 'consents' AND "key" = r."key" ORDER BY "seq" DESC LIMIT 1) n
	WHERE r."section" = 'consents' AND r."content" ->> 'supersedes' IS NOT NULL AND n."content" IS NOT NULL
	UNION
	SELECT c."consent", s."content" ->> 'supersedes', c."steps" + 1, c."is_said_now", c."seen" || c."old"
	FROM "chain" c CROSS JOIN LATERAL (
		SELECT "content" FROM "rights_rows" WHERE "section" = 'consents' AND "key" = c."old" AND "content" IS NOT NULL
		ORDER BY ("id" <> "ledger" || '/consents/' || "key" || '/replaced') DESC, "seq" DESC LIMIT 1) s
	WHERE s."content" ->> 'supersedes' IS NOT NULL AND s."content" ->> 'supersedes' <> ALL (c."seen" || c."old")
), "lifted" AS (
	SELECT c."consent", c."steps", c."is_said_now", c."old" AS "key", n."id" AS "before", s."content"
	FROM "chain" c CROSS JOIN LATERAL (
		SELECT "content" FROM "rights_rows" WHERE "section" = 'consents' AND "key" = c."old" AND "content" IS NOT NULL
		ORDER BY ("id" <> "ledger" || '/consents/' || "key" || '/replaced') DESC, "seq" DESC LIMIT 1) s
	CROSS JOIN LATERAL (
		SELECT "id", "content" FROM "rights_rows" WHERE "section" = 'consents' AND "key" = c."old" ORDER BY "seq" DESC LIMIT 1) n
	WHERE s."content" ->> 'answer' = 'refused' AND n."content" IS NULL AND c."old" NOT IN (
		SELECT "content" ->> 'supersedes' FROM "rights_rows"
		WHERE "section" = 'consents' AND "content" ->> 'supersedes' IS NOT NULL AND "content" ->> 'answer' = 'refused')
), "rows" AS (
	SELECT DISTINCT "key", "before", "content" FROM "lifted"
	UNION ALL
	SELECT l."consent", n."id", n."content" || jsonb_build_object('lifts', l."lifts")
	FROM (
		SELECT "consent", jsonb_agg(DISTINCT "key") AS "lifts" FROM "lifted" WHERE "steps" > 1 AND "is_said_now" GROUP BY "consent") l
	CROSS JOIN LATERAL (
		SELECT "id", "content" FROM "rights_rows" WHERE "section" = 'consents' AND "key" = l."consent" ORDER BY "seq" DESC LIMIT 1) n
	WHERE n."content" ->> 'answer' = 'given'
), "ledger" AS (
	INSERT INTO "rights_ledgers" ("id", "sha256", "source", "recorded_by")
	SELECT 'ldg_' || left(encode(sha256(convert_to(l."id" || ':' || t."text", 'UTF8')), 'hex'), 12),
		encode(sha256(convert_to(t."text", 'UTF8')), 'hex'), t."text", 'backlot'
	FROM (SELECT "id" FROM "rights_ledgers" ORDER BY "seq" DESC LIMIT 1) l
	CROSS JOIN (VALUES ('refusals that consents had replaced stand again')) t("text")
	WHERE EXISTS (SELECT 1 FROM "rows")
	RETURNING "id"
)
INSERT INTO "rights_rows" ("id", "ledger", "section", "key", "supersedes", "content", "recorded_by")
SELECT l."id" || '/consents/' || r."key", l."id", 'consents', r."key", r."before", r."content", 'backlot'
FROM "rows" r CROSS JOIN "ledger" l ORDER BY r."key";
