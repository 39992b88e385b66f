import Workers

extension WorkerPool {
  /// What `body` makes of every item, in the order of the items, so that sums over them do not depend
  /// on the number of workers.
  func map<Value>(_ count: Int, _ body: (_ item: Int) -> Value) -> [Value] {
    map(count) { item, _ in body(item) }
  }

  /// The same with the worker, no two calls of which overlap.
  func map<Value>(_ count: Int, _ body: (_ item: Int, _ worker: Int) -> Value) -> [Value] {
    [Value](unsafeUninitializedCapacity: count) { values, filled in
      if let base = values.baseAddress {
        run(count) { item, worker in (base + item).initialize(to: body(item, worker)) }
      }
      filled = count
    }
  }

  /// What `body` makes of every chunk of 0..<count, in their order; chunks are the same for any number
  /// of workers.
  func chunks<Value>(of count: Int, _ body: (_ chunk: Range<Int>) -> Value) -> [Value] {
    let length = 1 << 16
    return map((count + length - 1) / length) { item in
      body((item * length)..<min(count, (item + 1) * length))
    }
  }
}
