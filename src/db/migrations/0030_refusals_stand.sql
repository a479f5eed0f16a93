-- A consent no longer takes the refusal out of force that it names: it lifts it, for what it permits by itself (ADR 0198). Refusals that consents in force had
-- replaced, themselves or through rows that replaced each other, come back in one recording of their own, but where another refusal stands in their place. A
-- consent that stood there in the end, and not by its own "supersedes", is recorded with "lifts", as it goes on permitting what it did.
WITH RECURSIVE "newest" AS (
	SELECT DISTINCT ON ("key") "key", "id", "content" FROM "rights_rows" WHERE "section" = 'consents' ORDER BY "key", "seq" DESC
), "said" AS (
	SELECT DISTINCT ON ("key") "key", "content" FROM "rights_rows" WHERE "section" = 'consents' AND "content" IS NOT NULL
	ORDER BY "key", ("id" <> "ledger" || '/consents/' || "key" || '/replaced') DESC, "seq" DESC
), "chain" AS (
	SELECT r."key" AS "consent", r."content" ->> 'supersedes' AS "old", 1 AS "steps", r."id" = n."id" AS "is_said_now", ARRAY[r."key"] AS "seen"
	FROM "newest" n JOIN "rights_rows" r ON r."section" = 'consents' AND r."key" = n."key"
	WHERE n."content" IS NOT NULL AND r."content" ->> 'supersedes' IS NOT NULL
	UNION
	SELECT c."consent", s."content" ->> 'supersedes', c."steps" + 1, c."is_said_now", c."seen" || s."key"
	FROM "chain" c JOIN "said" s ON s."key" = c."old"
	WHERE s."content" ->> 'supersedes' IS NOT NULL AND s."content" ->> 'supersedes' <> ALL (c."seen" || s."key")
), "lifted" AS (
	SELECT c."consent", c."steps", c."is_said_now", n."key", n."id" AS "before", s."content"
	FROM "chain" c JOIN "said" s ON s."key" = c."old" JOIN "newest" n ON n."key" = s."key"
	WHERE s."content" ->> 'answer' = 'refused' AND n."content" IS NULL AND NOT EXISTS (
		SELECT 1 FROM "rights_rows" other WHERE other."section" = 'consents'
			AND other."content" ->> 'supersedes' = s."key" AND other."content" ->> 'answer' = 'refused')
), "rows" AS (
	SELECT DISTINCT "key", "before", "content" FROM "lifted"
	UNION ALL
	SELECT n."key", n."id", n."content" || jsonb_build_object('lifts', jsonb_agg(DISTINCT l."key"))
	FROM "lifted" l JOIN "newest" n ON n."key" = l."consent"
	WHERE l."steps" > 1 AND l."is_said_now" AND n."content" ->> 'answer' = 'given'
	GROUP BY n."key", n."id", n."content"
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
