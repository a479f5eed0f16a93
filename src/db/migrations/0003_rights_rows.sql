CREATE TABLE "rights_rows" (
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "rights_rows_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" text PRIMARY KEY NOT NULL,
	"ledger" text NOT NULL,
	"section" text NOT NULL,
	"key" text NOT NULL,
	"supersedes" text,
	"content" jsonb,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	"recorded_by" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "rights_rows" ADD CONSTRAINT "rights_rows_ledger_rights_ledgers_id_fk" FOREIGN KEY ("ledger") REFERENCES "public"."rights_ledgers"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "rights_rows_key" ON "rights_rows" USING btree ("section","key","seq");
--> statement-breakpoint
CREATE INDEX "rights_rows_title" ON "rights_rows" USING btree ((content ->> 'title'));
--> statement-breakpoint
CREATE INDEX "rights_rows_party" ON "rights_rows" USING btree ((content ->> 'party'));
--> statement-breakpoint
CREATE INDEX "rights_rows_titles" ON "rights_rows" USING gin ((content -> 'titles'));
--> statement-breakpoint
CREATE INDEX "rights_rows_files" ON "rights_rows" USING gin ((content -> 'files'));
--> statement-breakpoint
ALTER TABLE "rights_decisions" DROP CONSTRAINT "rights_decisions_shot_id_use_territory_ledger_id_as_of_pk";
--> statement-breakpoint
ALTER TABLE "rights_decisions" ADD COLUMN "model" text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "rights_decisions" ADD COLUMN "trainer" text DEFAULT 'in-house' NOT NULL;
--> statement-breakpoint
ALTER TABLE "rights_decisions" ADD COLUMN "output" text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "rights_decisions" ADD COLUMN "obligations" jsonb DEFAULT '[]'::jsonb NOT NULL;
--> statement-breakpoint
ALTER TABLE "rights_decisions" ADD CONSTRAINT "rights_decisions_asked" PRIMARY KEY("shot_id","use","territory","ledger_id","as_of","model","trainer","output");
--> statement-breakpoint
-- Ledgers recorded as documents become rows: one for each row that is new or differs from the ledger before, one
-- without content for each that the ledger no longer has.
WITH "items" AS (
	SELECT l."seq" AS "ledger_seq", s."section", r."content" ->> 'id' AS "key", r."content", r."place", s."rank"
	FROM "rights_ledgers" l
	CROSS JOIN (VALUES (1, 'parties'), (2, 'titles'), (3, 'grants'), (4, 'restrictions'), (5, 'consents'), (6, 'appearances')) AS s("rank", "section")
	CROSS JOIN LATERAL jsonb_array_elements(coalesce(l."document" -> s."section", '[]'::jsonb)) WITH ORDINALITY AS r("content", "place")
), "states" AS (
	SELECT l."id" AS "ledger", l."seq" AS "ledger_seq", l."recorded_at", l."recorded_by", k."section", k."key", i."content", i."place", k."rank",
		lag(i."content") OVER (PARTITION BY k."section", k."key" ORDER BY l."seq") AS "before"
	FROM "rights_ledgers" l
	CROSS JOIN (SELECT DISTINCT "section", "key", "rank" FROM "items") k
	LEFT JOIN "items" i ON i."ledger_seq" = l."seq" AND i."section" = k."section" AND i."key" = k."key"
), "changes" AS (
	SELECT *, "ledger" || '/' || "section" || '/' || "key" AS "id" FROM "states" WHERE "content" IS DISTINCT FROM "before"
)
INSERT INTO "rights_rows" ("id", "ledger", "section", "key", "supersedes", "content", "recorded_at", "recorded_by")
SELECT "id", "ledger", "section", "key", lag("id") OVER (PARTITION BY "section", "key" ORDER BY "ledger_seq"), "content", "recorded_at", "recorded_by"
FROM "changes"
ORDER BY "ledger_seq", "rank", "place";
--> statement-breakpoint
CREATE FUNCTION "rights_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION '% is append-only: record a row that supersedes the other', TG_TABLE_NAME;
END;
$$;
--> statement-breakpoint
CREATE TRIGGER "rights_ledgers_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "rights_ledgers"
	FOR EACH STATEMENT EXECUTE FUNCTION "rights_append_only"();
--> statement-breakpoint
CREATE TRIGGER "rights_rows_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "rights_rows"
	FOR EACH STATEMENT EXECUTE FUNCTION "rights_append_only"();
