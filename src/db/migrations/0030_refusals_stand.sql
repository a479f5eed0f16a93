-- A consent no longer takes the refusal out of force that it names: it lifts it, for what it permits by itself (ADR 0198). Each refusal that went out of force, and
-- that no other refusal replaced, comes back in one recording of their own. A consent in force that stood in its place, itself or through rows that replaced each other, is
-- recorded with "lifts", as it goes on permitting what it did, and without "supersedes" where that names it.
-- Nothing is known of how many rows the parts of this have: taken for few, each would be read once for each row of another.
SET LOCAL enable_nestloop = off;--> statement-breakpoint
WITH RECURSIVE "versions" AS MATERIALIZED (
	SELECT "seq", "id", "key", "content" ->> 'answer' AS "answer", "content" ->> 'supersedes' AS "names", "content" ->> 'party' AS "party"
	FROM "rights_rows" WHERE "section" = 'consents'
), "newest" AS MATERIALIZED (
	SELECT DISTINCT ON ("key") "key", "seq", "id", "answer", "names", "party" FROM "versions" ORDER BY "key", "seq" DESC
), "refused" AS MATERIALIZED (
	-- What each said last, also in the breath in which it went out of force. One that a later answer of its own followed while it stood is none any more.
	SELECT r."key", r."seq", r."party", a."is_out" IS NOT NULL AS "is_out"
	FROM (SELECT DISTINCT ON ("key") "key", "seq", "party" FROM "versions" WHERE "answer" = 'refused' ORDER BY "key", "seq" DESC) r
	LEFT JOIN LATERAL (
		SELECT "content" IS NULL AS "is_out" FROM "rights_rows"
		WHERE "section" = 'consents' AND "key" = r."key" AND "seq" > r."seq" AND ("content" IS NULL OR "id" <> "ledger" || '/consents/' || "key" || '/replaced')
		ORDER BY "seq" LIMIT 1) a ON true
	WHERE a."is_out" IS DISTINCT FROM false
), "replacing" AS MATERIALIZED (
	SELECT DISTINCT v."key" AS "by", v."names" AS "key", r."is_out"
	FROM "versions" v JOIN "refused" r ON r."key" = v."key"
	WHERE v."answer" = 'refused' AND v."names" <> v."key"
), "replaced" ("key") AS (
	-- From refusals that stand or that none replaced, so that those of a circle do not take each other away.
	SELECT p."key" FROM "replacing" p LEFT JOIN (SELECT DISTINCT "key" FROM "replacing") b ON b."key" = p."by"
	WHERE b."key" IS NULL OR NOT p."is_out"
	UNION
	SELECT s."names" FROM "replaced" p CROSS JOIN LATERAL (
		SELECT DISTINCT "content" ->> 'supersedes' AS "names" FROM "rights_rows"
		WHERE "section" = 'consents' AND "key" = p."key" AND "content" ->> 'answer' = 'refused') s
	WHERE s."names" <> p."key"
), "restored" AS MATERIALIZED (
	SELECT r."key", r."seq", r."party" FROM "refused" r LEFT JOIN "replaced" p ON p."key" = r."key" WHERE r."is_out" AND p."key" IS NULL
), "chain" ("consent", "key") AS (
	SELECT "key", "names" FROM "newest" WHERE "answer" = 'given' AND "names" IS NOT NULL AND EXISTS (SELECT 1 FROM "restored")
	UNION
	SELECT c."consent", s."names" FROM "chain" c CROSS JOIN LATERAL (
		SELECT DISTINCT "content" ->> 'supersedes' AS "names" FROM "rights_rows" WHERE "section" = 'consents' AND "key" = c."key") s
	WHERE s."names" IS NOT NULL
), "named" AS MATERIALIZED (
	SELECT n."key" AS "consent", n."seq", n."id", r."key", r."seq" AS "refused", n."names" = r."key" AS "is_direct", n."party" = r."party" AS "is_own"
	FROM "chain" c JOIN "restored" r ON r."key" = c."key" JOIN "newest" n ON n."key" = c."consent" LEFT JOIN "restored" o ON o."key" = c."consent"
	WHERE o."key" IS NULL
), "days" AS MATERIALIZED (
	-- Consents, and what they name, each with when it was said: a consent counts from the later of its day and its paper's. What a database cannot read as a time is not known.
	SELECT w."seq", d."start", d."start" + d."lasts" AS "end"
	FROM (SELECT "consent" AS "key", "seq" FROM "named" UNION SELECT "key", "refused" FROM "named") w
	CROSS JOIN LATERAL (
		SELECT "content" FROM "rights_rows" WHERE "section" = 'consents' AND "key" = w."key" AND "seq" = w."seq") r
	LEFT JOIN LATERAL (
		SELECT "content" ->> 'signed' AS "signed" FROM "rights_rows"
		WHERE "section" = 'agreements' AND "key" = r."content" #>> '{evidence,agreement}' AND "content" IS NOT NULL ORDER BY "seq" DESC LIMIT 1) p ON true
	CROSS JOIN LATERAL (
		SELECT t."start", CASE WHEN m."said" LIKE '%T%' THEN interval '1 microsecond' ELSE interval '1 day' END AS "lasts"
		FROM (VALUES (r."content" ->> 'on'), (CASE WHEN r."content" ->> 'answer' = 'given' OR r."content" ->> 'on' IS NULL THEN p."signed" END)) m("said")
		CROSS JOIN LATERAL (
			SELECT CASE WHEN m."said" ~ '^0000|[+-](1[6-9]|2\d):\d\d$' THEN NULL WHEN m."said" LIKE '%T%' THEN m."said"::timestamptz
				ELSE (m."said" || 'T00:00:00Z')::timestamptz END AS "start") t
		ORDER BY t."start" DESC NULLS LAST LIMIT 1) d
), "lifting" AS (
	SELECT n."consent", n."seq", n."id", bool_or(n."is_direct") AS "is_direct",
		array_agg(n."key") FILTER (WHERE n."is_own" AND (c."end" <= r."start") IS NOT TRUE) AS "lifts"
	FROM "named" n LEFT JOIN "days" c ON c."seq" = n."seq" LEFT JOIN "days" r ON r."seq" = n."refused"
	GROUP BY n."consent", n."seq", n."id"
), "rows" AS (
	SELECT r."key", n."id" AS "before", CASE WHEN o."answer" IS NULL AND a."key" IS NULL THEN s."content" ELSE s."content" - 'supersedes' END AS "content"
	FROM "restored" r JOIN "newest" n ON n."key" = r."key"
	CROSS JOIN LATERAL (
		SELECT "content" FROM "rights_rows" WHERE "section" = 'consents' AND "key" = r."key" AND "seq" = r."seq") s
	-- What it replaced and is in force again stays so, beside it.
	LEFT JOIN "newest" o ON o."key" = s."content" ->> 'supersedes' LEFT JOIN "restored" a ON a."key" = s."content" ->> 'supersedes'
	UNION ALL
	SELECT l."consent", l."id", CASE WHEN l."is_direct" THEN s."content" - 'supersedes' ELSE s."content" END
		|| CASE WHEN l."lifts" IS NULL THEN '{}' ELSE jsonb_build_object('lifts', m."lifts") END
	FROM "lifting" l
	CROSS JOIN LATERAL (
		SELECT "content" FROM "rights_rows" WHERE "section" = 'consents' AND "key" = l."consent" AND "seq" = l."seq") s
	CROSS JOIN LATERAL (
		SELECT jsonb_agg(i."id" ORDER BY i."id" COLLATE "C") AS "lifts"
		FROM (SELECT unnest(l."lifts") AS "id" UNION SELECT jsonb_array_elements_text(coalesce(s."content" -> 'lifts', '[]'))) i) m
	WHERE l."is_direct" OR l."lifts" IS NOT NULL
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
FROM "rows" r CROSS JOIN "ledger" l ORDER BY r."key";--> statement-breakpoint
RESET enable_nestloop;
