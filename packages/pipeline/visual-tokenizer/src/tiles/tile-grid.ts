/** Rows and columns of sub-images. */
export type TileGrid = { readonly rows: number; readonly columns: number };
