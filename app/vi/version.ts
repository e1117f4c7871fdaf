/** Version of the package, as in `package.json`; part of the `User-Agent`. */
export const version = '0.1.0';
