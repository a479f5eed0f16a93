CREATE INDEX "generate_takes_by_caption" ON "generate_takes" USING btree ("id") WHERE brief ? 'caption';--> statement-breakpoint
-- Takes of earlier versions whose brief `run` made: its id and words are as `run` gives them, of a clip that was held out.
UPDATE "generate_takes" t SET "brief" = t."brief" || jsonb_build_object('caption', jsonb_build_object('dataset', c."snapshot_id", 'shot', c."shot_id"))
FROM (SELECT DISTINCT ON ("caption") "caption", "snapshot_id", "shot_id" FROM "dataset_clips" WHERE "split" = 'heldout' AND "caption" <> '' ORDER BY "caption", "snapshot_id", "clip_id") c
WHERE t."brief_id" ~ '^[0-9]{2,3}-(text|first)$' AND t."brief" ->> 'text' = c."caption" AND NOT t."brief" ? 'caption';
