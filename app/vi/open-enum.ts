/**
 * A value of an enum, or one that the service has and this client does not know yet: unknown values are kept as the
 * strings that they are. Editors still offer the known ones.
 */
export type OpenEnum<T extends string> = T | (string & Record<never, never>);
