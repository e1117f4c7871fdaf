/** Where the Vi API answers unless another endpoint is named (VI-API.md, "Connection"). */
export const DEFAULT_ENDPOINT = 'https://api.vi.datature.com';
