export interface OrganizationBilling {
  readonly payer?: string | undefined;
  readonly email?: string | undefined;
  readonly subscriberId?: string | undefined;
  readonly ledger?: readonly unknown[] | undefined;
  readonly tier?: string | undefined;
}

export interface OrganizationUser {
  readonly workspaceRole?: string | undefined;
  readonly datasets?: Readonly<Record<string, unknown>> | undefined;
}

export interface OrganizationMetadata {
  readonly createDate?: number | undefined;
  readonly isPublic?: boolean | undefined;
  readonly accountManager?: string | undefined;
  readonly salesEngineer?: string | undefined;
}

/** One organization (called workspace on the wire). What the service left out is `undefined`. */
export interface Organization {
  readonly organizationId: string;
  readonly name: string;
  readonly kind?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly lastAccess?: number | undefined;
  readonly datasets?: readonly unknown[] | undefined;
  readonly billing?: OrganizationBilling | undefined;
  readonly users?: Readonly<Record<string, OrganizationUser>> | undefined;
  readonly metadata?: OrganizationMetadata | undefined;
  readonly features?: Readonly<Record<string, unknown>> | undefined;
  readonly lockStatus?: { readonly isLocked?: boolean | undefined } | undefined;
  readonly selfLink?: string | undefined;
  readonly etag?: string | undefined;
}
