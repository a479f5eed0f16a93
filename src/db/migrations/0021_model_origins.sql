CREATE TABLE "train_origins" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "train_origins_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"model_id" text NOT NULL,
	"sha256" text NOT NULL,
	"maker" text NOT NULL,
	"licence" text NOT NULL,
	"learned_from" text NOT NULL,
	"who" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "train_origins_by_model" ON "train_origins" USING btree ("model_id");