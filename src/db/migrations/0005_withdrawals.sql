CREATE TABLE "provenance_blocks" (
	"kind" text NOT NULL,
	"id" text NOT NULL,
	"withdrawal" text NOT NULL,
	"via" text NOT NULL,
	"blocked_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "provenance_blocks_kind_id_pk" PRIMARY KEY("kind","id")
);
--> statement-breakpoint
CREATE TABLE "provenance_tasks" (
	"id" text PRIMARY KEY NOT NULL,
	"withdrawal" text NOT NULL,
	"subject" text NOT NULL,
	"what" text NOT NULL,
	"due" timestamp with time zone NOT NULL,
	"opened_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "dataset_clips_by_shot" ON "dataset_clips" USING btree ("shot_id");--> statement-breakpoint
CREATE INDEX "generate_takes_by_model" ON "generate_takes" USING btree ("model_id");--> statement-breakpoint
CREATE INDEX "generate_takes_by_several" ON "generate_takes" USING btree ("id") WHERE jsonb_array_length(brief -> 'adapters') > 1;