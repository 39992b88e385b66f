import Files
import Workers

/// The work of a run over many volumes, by one or several jobs at a time.
struct BatchWork {
  let volumes: [BatchVolume]
  let queue: VolumeQueue
  /// What the calling thread computes with.
  let slot: BatchSlot
  /// What the other jobs may use.
  let others: [ComputingRequest]
  /// nil for an interpolation.
  let model: DescribedModel?
  let stopsOnError: Bool
  let console: Console

  /// Works on all volumes.
  ///
  /// - Returns: What became of those that were begun.
  /// - Throws: If the run as a whole cannot go on.
  func run() throws(Failure) -> [BatchEnd] {
    console.release()
    let series = SeriesProgress(work: volumes.map { Double($0.voxels) })
    for (number, volume) in volumes.enumerated() {
      if let refusal = volume.refusal { end(number, refusal, series: series) }
    }
    let threads = others.compactMap { computing in
      SideThread { [self] in
        do throws(Failure) {
          work(with: try BatchSlot(computing, model: model, console: console), series: series)
        } catch {
          queue.refuse(error)
        }
      }
    }
    work(with: slot, series: series)
    threads.forEach { $0.join() }
    try queue.check()
    return queue.ends
  }

  /// The document of `--format json`.
  func report(_ ends: [BatchEnd]) -> JSON {
    let threads = others.compactMap(\.threads).reduce(slot.machine.pool.workerCount) { sum, part in
      if case .exactly(let count) = part.value { sum + count } else { sum }
    }
    return UpsampleReport.document(ends.map(\.item), machine: slot.machine.json(threads: threads))
  }

  private func work(with slot: BatchSlot, series: SeriesProgress) {
    while let number = queue.next() {
      guard volumes[number].refusal == nil else { continue }
      let progress = console.progress.ofVolume(SeriesPlace(number: number, series: series))
      queue.begin(number, progress)
      make(number, with: slot, console: console.ofVolume(progress), series: series)
    }
  }

  private func make(
    _ number: Int, with slot: BatchSlot, console: Console, series: SeriesProgress
  ) {
    let request = volumes[number].request
    do throws(Failure) {
      let preparation = UpsamplePreparation(request: request, console: console)
      let prepared = try preparation.run(machine: slot.machine) { slot.model }
      try Failure.of { () throws(FileError) in
        try OutputFolder.makeAll(path: PathText.split(request.output).folder)
      }
      let outcome = try UpsampleComputation.run(prepared)
      series.end(number, wasComputed: outcome != nil)
      let item = UpsampleReport.Item.ended(prepared, outcome)
      queue.end(number, BatchEnd(input: request.input, item: item, failure: nil))
    } catch {
      // What a signal broke off has not failed: the next run makes it.
      if Signals.stopRequest != nil { return queue.stop() }
      end(number, error, warnings: console.warnings, series: series)
    }
  }

  private func end(
    _ number: Int, _ failure: Failure, warnings: [Notice] = [], series: SeriesProgress
  ) {
    let request = volumes[number].request
    console.report(failure, of: request.input)
    series.end(number, wasComputed: false)
    let item = UpsampleReport.Item.failed(request, failure, warnings: warnings)
    queue.end(number, BatchEnd(input: request.input, item: item, failure: failure))
    if stopsOnError { queue.stop() }
  }
}
