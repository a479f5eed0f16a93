CREATE TABLE "rights_credits" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "rights_credits_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"title" text NOT NULL,
	"name" text NOT NULL,
	"party" text,
	"who" text NOT NULL,
	"answered_at" timestamp with time zone DEFAULT now() NOT NULL
);
