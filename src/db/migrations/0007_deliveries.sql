CREATE TABLE "provenance_deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"path" text NOT NULL,
	"declaration" jsonb NOT NULL,
	"digest" text NOT NULL,
	"delivered_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "provenance_audit" ADD COLUMN "origin" text;--> statement-breakpoint
ALTER TABLE "provenance_tasks" ADD COLUMN "done_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "provenance_tasks" ADD COLUMN "done_by" text;--> statement-breakpoint
ALTER TABLE "provenance_tasks" ADD COLUMN "evidence" text;