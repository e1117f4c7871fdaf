/** What one new asset uses of the organization's quota. Source: VI-API, "What it costs". */
export const dataRowsOfAsset = 5;
