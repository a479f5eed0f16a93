CREATE TABLE "assess_forecasts" (
	"id" text PRIMARY KEY NOT NULL,
	"snapshot_id" text NOT NULL,
	"document" jsonb NOT NULL,
	"made_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "catalog_files" (
	"id" text PRIMARY KEY NOT NULL,
	"title_id" text NOT NULL,
	"reel" integer NOT NULL,
	"path" text NOT NULL,
	"sha256" text NOT NULL,
	"bytes" bigint NOT NULL,
	"frames" integer NOT NULL,
	"fps" text NOT NULL,
	"facts" jsonb NOT NULL,
	"added_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "catalog_files_sha256_unique" UNIQUE("sha256")
);
--> statement-breakpoint
CREATE TABLE "catalog_refusals" (
	"path" text PRIMARY KEY NOT NULL,
	"sha256" text,
	"code" text NOT NULL,
	"reason" text NOT NULL,
	"refused_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "catalog_sidecars" (
	"id" text PRIMARY KEY NOT NULL,
	"file_id" text NOT NULL,
	"kind" text NOT NULL,
	"path" text NOT NULL,
	"sha256" text NOT NULL,
	"added_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "catalog_titles" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"unmapped" boolean NOT NULL,
	"added_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "dataset_clips" (
	"snapshot_id" text NOT NULL,
	"clip_id" text NOT NULL,
	"shot_id" text NOT NULL,
	"title_id" text NOT NULL,
	"split" text NOT NULL,
	"caption" text NOT NULL,
	CONSTRAINT "dataset_clips_snapshot_id_clip_id_pk" PRIMARY KEY("snapshot_id","clip_id")
);
--> statement-breakpoint
CREATE TABLE "dataset_snapshots" (
	"id" text PRIMARY KEY NOT NULL,
	"digest" text NOT NULL,
	"path" text NOT NULL,
	"record" jsonb NOT NULL,
	"frozen_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "generate_takes" (
	"id" text PRIMARY KEY NOT NULL,
	"brief_id" text NOT NULL,
	"brief" jsonb NOT NULL,
	"model_id" text NOT NULL,
	"run_id" text NOT NULL,
	"candidate" integer NOT NULL,
	"seed" bigint NOT NULL,
	"raw_path" text NOT NULL,
	"raw_sha256" text NOT NULL,
	"video_path" text NOT NULL,
	"video_sha256" text NOT NULL,
	"made_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "jobs_runs" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"directory" text NOT NULL,
	"status" text NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "jobs_runs_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "provenance_audit" (
	"seq" integer PRIMARY KEY NOT NULL,
	"at" text NOT NULL,
	"who" text NOT NULL,
	"what" text NOT NULL,
	"subject" text NOT NULL,
	"details" jsonb NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "provenance_records" (
	"take_id" text PRIMARY KEY NOT NULL,
	"record" jsonb NOT NULL,
	"signed_path" text NOT NULL,
	"signed_sha256" text NOT NULL,
	"state" text NOT NULL,
	"signed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "review_checks" (
	"take_id" text PRIMARY KEY NOT NULL,
	"checker_sha256" text,
	"verdict" text NOT NULL,
	"reasons" jsonb NOT NULL,
	"reading" jsonb,
	"checked_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "review_verdicts" (
	"id" text PRIMARY KEY NOT NULL,
	"take_id" text NOT NULL,
	"person" text NOT NULL,
	"verdict" text NOT NULL,
	"frame" integer,
	"note" text NOT NULL,
	"given_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rights_decisions" (
	"shot_id" text NOT NULL,
	"use" text NOT NULL,
	"territory" text NOT NULL,
	"ledger_id" text NOT NULL,
	"as_of" text NOT NULL,
	"rule_version" text NOT NULL,
	"outcome" text NOT NULL,
	"reasons" jsonb NOT NULL,
	"grants" jsonb NOT NULL,
	"decided_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "rights_decisions_shot_id_use_territory_ledger_id_as_of_pk" PRIMARY KEY("shot_id","use","territory","ledger_id","as_of")
);
--> statement-breakpoint
CREATE TABLE "rights_ledgers" (
	"id" text PRIMARY KEY NOT NULL,
	"seq" integer GENERATED ALWAYS AS IDENTITY (sequence name "rights_ledgers_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"sha256" text NOT NULL,
	"source" text NOT NULL,
	"document" jsonb NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	"recorded_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "shots_passes" (
	"file_id" text PRIMARY KEY NOT NULL,
	"detector" text NOT NULL,
	"facts" jsonb NOT NULL,
	"found_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "shots_shots" (
	"id" text PRIMARY KEY NOT NULL,
	"file_id" text NOT NULL,
	"number" integer NOT NULL,
	"in_frame" integer NOT NULL,
	"out_frame" integer NOT NULL,
	"in_timecode" text NOT NULL,
	"out_timecode" text NOT NULL,
	"thumbnail" text,
	"facts" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "shots_transitions" (
	"file_id" text NOT NULL,
	"start_frame" integer NOT NULL,
	"end_frame" integer NOT NULL,
	"type" text NOT NULL,
	CONSTRAINT "shots_transitions_file_id_start_frame_pk" PRIMARY KEY("file_id","start_frame")
);
--> statement-breakpoint
CREATE TABLE "train_models" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"path" text NOT NULL,
	"sha256" text NOT NULL,
	"base_id" text,
	"snapshot_id" text,
	"run_id" text,
	"record" jsonb NOT NULL,
	"made_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "catalog_files" ADD CONSTRAINT "catalog_files_title_id_catalog_titles_id_fk" FOREIGN KEY ("title_id") REFERENCES "public"."catalog_titles"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "catalog_sidecars" ADD CONSTRAINT "catalog_sidecars_file_id_catalog_files_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."catalog_files"("id") ON DELETE no action ON UPDATE no action;