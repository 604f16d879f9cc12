/** An object without one member: the fields of an event that come in the body, where the id is in the path. */
export function without<T extends object, K extends keyof T>(shape: T, name: K): Omit<T, K> {
  const { [name]: _left, ...rest } = shape
  return rest
}
