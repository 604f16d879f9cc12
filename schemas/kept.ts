/** What a schema describes, as read models hold it: not to be changed. A record is any object. */
export type Kept<T> = T extends object
  ? string extends keyof T
    ? object
    : { readonly [K in keyof T]: Kept<T[K]> }
  : T
