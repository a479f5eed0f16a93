/** One line of a bench's table. */
export interface Row {
  what: string;
  value: number | string | null;
  unit: string;
  low?: number;
  high?: number;
  n?: number;
  peer?: string;
}
