import { concatMap, defer, EMPTY, finalize, of, repeat, type Observable, type ObservableInput } from 'rxjs'

/**
 * Pulls one item, does its work to the end, then pulls the next. `from(source)` with `concatMap` would read ahead without
 * limit while the work lags; here the source is never more than one item ahead.
 */
export function inTurn<Item, Result>(
  source: AsyncIterable<Item> | Iterable<Item>,
  work: (item: Item) => ObservableInput<Result>,
): Observable<Result> {
  return defer(() => {
    const iterator =
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
    let ended = false
    return defer(async () => iterator.next()).pipe(
      concatMap((next) => {
        ended = next.done === true
        return next.done === true ? EMPTY : work(next.value)
      }),
      repeat({ delay: () => (ended ? EMPTY : of(true)) }),
      finalize(() => void iterator.return?.()),
    )
  })
}
