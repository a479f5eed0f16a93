CREATE TABLE "dataset_captions" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "dataset_captions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"shot_id" text NOT NULL,
	"file_id" text NOT NULL,
	"source" text NOT NULL,
	"caption" text NOT NULL,
	"who" text NOT NULL,
	"model" text,
	"sending_id" integer,
	"written_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "dataset_disclosures" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "dataset_disclosures_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"title_id" text NOT NULL,
	"endpoint" text NOT NULL,
	"operator" text NOT NULL,
	"territory" text NOT NULL,
	"allowed" boolean NOT NULL,
	"who" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "dataset_sendings" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "dataset_sendings_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"shot_id" text NOT NULL,
	"disclosure_id" integer NOT NULL,
	"model" text NOT NULL,
	"picture" text NOT NULL,
	"who" text NOT NULL,
	"sent_at" timestamp with time zone DEFAULT now() NOT NULL,
	"answered_at" timestamp with time zone,
	"failure" text,
	"tokens_in" integer,
	"tokens_out" integer
);
--> statement-breakpoint
ALTER TABLE "dataset_captions" ADD CONSTRAINT "dataset_captions_sending_id_dataset_sendings_id_fk" FOREIGN KEY ("sending_id") REFERENCES "public"."dataset_sendings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dataset_sendings" ADD CONSTRAINT "dataset_sendings_disclosure_id_dataset_disclosures_id_fk" FOREIGN KEY ("disclosure_id") REFERENCES "public"."dataset_disclosures"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "dataset_captions_by_shot" ON "dataset_captions" USING btree ("shot_id");--> statement-breakpoint
CREATE INDEX "dataset_captions_by_file" ON "dataset_captions" USING btree ("file_id");--> statement-breakpoint
CREATE INDEX "dataset_sendings_by_shot" ON "dataset_sendings" USING btree ("shot_id");