import CArssr
import Files
import FusedInference
import Synchronization

/// One call behind `arssr_job`.
final class JobHandle: Sendable {
  let monitor = UpsampleMonitor()
  private let notices = Mutex<[Notice]>([])
  private let shown = Mutex<CText?>(nil)

  /// Adds what the user should know.
  func warn(_ found: [Notice]) { notices.withLock { $0 += found } }

  /// All warnings, a line each.
  func warnings() -> UnsafePointer<CChar> {
    let lines = notices.withLock { notices in
      notices.map { notice in
        let subject = notice.subject.map { Escaping.path($0) + ": " } ?? ""
        return subject + notice.message
      }
    }
    let joined = CText(lines.joined(separator: "\n"))
    shown.withLock { $0 = joined }
    return joined.pointer
  }
}

private let stageNames: [UpsampleMonitor.Stage: CText] = [
  .waiting: CText("waiting"), .encode: CText("encode"), .decode: CText("decode"),
]

/// See `arssr.h`.
@_cdecl("arssr_job_open")
public func openJob() -> OpaquePointer { Handle.open(JobHandle()) }

/// See `arssr.h`.
@_cdecl("arssr_job_fraction")
public func jobFraction(_ job: OpaquePointer) -> Double { jobHandle(job).monitor.fractionDone }

/// See `arssr.h`.
@_cdecl("arssr_job_stage")
public func jobStage(_ job: OpaquePointer) -> UnsafePointer<CChar>? {
  stageNames[jobHandle(job).monitor.stage]?.pointer
}

/// See `arssr.h`.
@_cdecl("arssr_job_cancel")
public func cancelJob(_ job: OpaquePointer) { jobHandle(job).monitor.cancel() }

/// See `arssr.h`.
@_cdecl("arssr_job_warnings")
public func jobWarnings(_ job: OpaquePointer) -> UnsafePointer<CChar> { jobHandle(job).warnings() }

/// See `arssr.h`.
@_cdecl("arssr_job_close")
public func closeJob(_ job: OpaquePointer?) { Handle.close(job, JobHandle.self) }

/// The job behind a pointer.
func jobHandle(_ pointer: OpaquePointer) -> JobHandle { Handle.object(pointer) }
