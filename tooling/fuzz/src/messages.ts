/** What the child tells of an input: first that it begins, then how it went. */
export interface ChildMessage {
  readonly index: number;
  readonly accepted?: boolean;
  readonly ms?: number;
  /** Bytes of typed arrays. */
  readonly allocated?: number;
  /** Why it is a finding. */
  readonly problem?: string | undefined;
}
