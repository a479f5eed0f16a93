CREATE TABLE "shots_choices" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "shots_choices_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"shots" jsonb NOT NULL,
	"who" text NOT NULL,
	"chosen_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "shots_comparisons" (
	"mark" text PRIMARY KEY NOT NULL,
	"compared_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "shots_copies" (
	"a" text NOT NULL,
	"b" text NOT NULL,
	"facts" jsonb NOT NULL,
	CONSTRAINT "shots_copies_a_b_pk" PRIMARY KEY("a","b")
);
--> statement-breakpoint
CREATE TABLE "shots_prints" (
	"shot_id" text PRIMARY KEY NOT NULL,
	"file_id" text NOT NULL,
	"first" integer NOT NULL,
	"grids" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE INDEX "shots_prints_file" ON "shots_prints" USING btree ("file_id");