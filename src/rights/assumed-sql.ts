/** What a decision rests on though no row says it, as SQL beside that of `signature-sql.ts`. */

/** Titles of which nobody has said that all who are seen are listed, and whether the studio asks for that. */
export const casts = [
  `CREATE OR REPLACE TEMP TABLE said_casts AS
    SELECT no, title, whole FROM casts WHERE starts <= getvariable('at_end') AND NOT is_withdrawn(withdrawn)`,
  `CREATE OR REPLACE TEMP TABLE open_casts AS
    SELECT t.no AS title, t.key, t.ledger IN (SELECT ledger FROM policies) AS asked FROM titles t
    ANTI JOIN said_casts c ON c.title = t.no AND c.whole`,
] as const;

/** Grants to somebody by name, in a ledger that states no house, where an owner has no other that covers. */
export const houses = [
  `CREATE OR REPLACE TEMP TABLE title_house AS
    SELECT title, 'grants/' || key AS row FROM owner_grants WHERE covers AND NOT firm`,
  `CREATE OR REPLACE TEMP TABLE material_house AS
    SELECT material, 'grants/' || key AS row FROM (
      SELECT l.material, g.key, g.covers, bool_or(g.covers AND NOT g.unstated) OVER (PARTITION BY l.material) AS firm
      FROM licences l JOIN grant_terms g ON g.no = l.no JOIN materials m ON m.no = l.material WHERE m.confirmed)
    WHERE covers AND NOT firm`,
] as const;

/** The same by signature. */
export const signatureHouses = `CREATE OR REPLACE TEMP TABLE signature_houses AS
  SELECT signature, list_sort(list(DISTINCT row)) AS rows FROM (
    SELECT s.signature, h.row FROM signatures s JOIN title_house h ON h.title = s.title
    UNION ALL SELECT m.signature, h.row FROM signature_materials m JOIN material_house h USING (material))
  GROUP BY signature`;
