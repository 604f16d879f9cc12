import type { Reporter, TestModule } from 'vitest/node'

/** Ends a run with one plain line that machines can read: `12 passed, 0 failed`. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    let passed = 0
    // A file that cannot be loaded has no tests to fail, and an error that nobody caught belongs to none.
    let failed = unhandled.length + modules.filter((module) => module.errors().length > 0).length
    let skipped = 0
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') passed += 1
        else if (state === 'failed') failed += 1
        else skipped += 1
      }
    }
    const aside = skipped === 0 ? '' : `, ${skipped} skipped`
    process.stdout.write(`\n${passed} passed, ${failed} failed${aside}\n`)
  }
}
