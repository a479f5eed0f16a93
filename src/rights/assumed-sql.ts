/** What a decision rests on though no row says it, as SQL beside that of `signature-sql.ts`. */

/** Lists of titles that nobody has said are complete, and whether the studio asks for that. */
export const listings = [
  `CREATE OR REPLACE TEMP TABLE said_listings AS
    SELECT no, kind, title, whole FROM listings
    WHERE has_begun(starts) AND NOT is_withdrawn(withdrawn)`,
  `CREATE OR REPLACE TEMP TABLE open_listings AS
    SELECT k.kind, k.kind || '_not_stated' AS name, t.no AS title, t.key,
      EXISTS (SELECT 1 FROM policies p WHERE p.ledger = t.ledger AND p.kind = k.kind) AS asked
    FROM titles t CROSS JOIN (SELECT unnest(['cast', 'materials']) AS kind) k
    ANTI JOIN said_listings s ON s.title = t.no AND s.kind = k.kind AND s.whole`,
] as const;

/** The same by signature: lists that nobody has stated, neither of the title nor of the shots. */
export const signatureListings = `CREATE OR REPLACE TEMP TABLE unstated AS
  SELECT s.signature, o.kind, o.name, o.key, o.asked FROM signatures s JOIN open_listings o USING (title)
  ANTI JOIN (SELECT shot, kind FROM stated JOIN said_listings ON said_listings.no = stated.listing) c
    ON c.shot = s.example AND c.kind = o.kind`;

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

/** Rows that are enough, and all that are name a document of which nobody knows when it was signed. */
export const undated = [
  `CREATE OR REPLACE TEMP TABLE title_undated AS
    SELECT title, 'grants/' || key AS row FROM owner_grants WHERE covers AND NOT dated
    UNION SELECT title, 'approvals/' || key FROM (
      SELECT f.title, a.key, bool_or(NOT a.undated) OVER (PARTITION BY f.no, f.title) AS dated
      FROM forbidden f JOIN approved a ON f.approvable AND a.restriction = f.no AND a.title = f.title)
    WHERE NOT dated`,
  `CREATE OR REPLACE TEMP TABLE material_undated AS
    SELECT material, 'grants/' || key AS row FROM (
      SELECT l.material, g.key, g.covers, bool_or(g.covers AND NOT g.undated) OVER (PARTITION BY l.material) AS dated
      FROM licences l JOIN grant_terms g ON g.no = l.no JOIN materials m ON m.no = l.material WHERE m.confirmed)
    WHERE covers AND NOT dated`,
  `CREATE OR REPLACE TEMP TABLE appearance_undated AS
    SELECT appearance, 'consents/' || key AS row FROM answers WHERE enough AND NOT dated`,
] as const;

/** The same by signature; who is targeted stands under a number of the title's own. */
export const signatureUndated = `CREATE OR REPLACE TEMP TABLE signature_undated AS
  SELECT signature, list_sort(list(DISTINCT row)) AS rows FROM (
    SELECT s.signature, u.row FROM signatures s JOIN title_undated u ON u.title = s.title
    UNION ALL SELECT m.signature, u.row FROM signature_materials m JOIN material_undated u USING (material)
    UNION ALL SELECT c.signature, u.row FROM signature_cast c JOIN appearance_undated u USING (appearance)
    UNION ALL SELECT s.signature, u.row FROM signatures s JOIN appearance_undated u ON u.appearance = -1 - s.title)
  GROUP BY signature`;
