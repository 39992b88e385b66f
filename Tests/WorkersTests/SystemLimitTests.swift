import CSIMD
import Glibc
import Testing

@testable import Workers

/// What a pool does where the operating system refuses or restricts; each in a process of its own.
@Suite struct SystemLimitTests {
  @Test func refusedThreadsAreReportedAndLeaveNoneBehind() async {
    await #expect(processExitsWith: .success) {
      // Room for a few stacks of 2 MiB, not for 200.
      var limit = rlimit()
      let used = SystemText.number("VmSize", in: SystemText.read("/proc/self/status") ?? "") ?? 0
      limit.rlim_cur = rlim_t(used * 1024 + 24 << 20)
      limit.rlim_max = limit.rlim_cur
      setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
      let before = threadCount()
      do throws(WorkersError) {
        _ = try WorkerPool(threads: 200)
      } catch .threadCreation(errno: EAGAIN) {
        exit(threadCount() == before ? 0 : 2)
      } catch {
        exit(3)
      }
      exit(1)
    }
  }

  @Test func aProcessLimitIsReported() async {
    await #expect(processExitsWith: .success) {
      // Root is exempt from RLIMIT_NPROC.
      if geteuid() == 0 { setuid(65534) }
      var limit = rlimit(rlim_cur: 1, rlim_max: 1)
      setrlimit(__rlimit_resource_t(__RLIMIT_NPROC.rawValue), &limit)
      do throws(WorkersError) {
        _ = try WorkerPool(threads: 8)
      } catch {
        exit(error == .threadCreation(errno: EAGAIN) ? 0 : 2)
      }
      exit(1)
    }
  }

  @Test func refusedMemoryIsAnErrorUnderALimitOfTheAddressSpace() async {
    await #expect(processExitsWith: .success) {
      var limit = rlimit(rlim_cur: 4 << 30, rlim_max: 4 << 30)
      setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
      let available = MemoryLimit.availableBytes()
      guard available.bytes < 4 << 30 else { exit(4) }
      do throws(WorkersError) {
        _ = try AlignedBuffer<UInt8>(count: 5 << 30)
      } catch {
        exit(error == .allocation(bytes: 5 << 30, errno: ENOMEM) ? 0 : 2)
      }
      exit(1)
    }
  }

  @Test func theCallersAffinityIsBoundWhileThePoolLivesAndRestoredAfter() async {
    await #expect(processExitsWith: .success) {
      guard let before = AffinityMask.ofThread(0) else { exit(1) }
      let unit = before.processingUnits[0]
      let places = [
        WorkerPlacement.Worker(processingUnits: [unit], node: 0),
        WorkerPlacement.Worker(processingUnits: [unit], node: 0),
      ]
      do {
        let pool = try WorkerPool(placement: WorkerPlacement(workers: places))
        guard AffinityMask.ofThread(0)?.processingUnits == [unit] else { exit(2) }
        pool.run(4) { _, _ in }
      } catch { exit(3) }
      exit(AffinityMask.ofThread(0) == before ? 0 : 4)
    }
  }

  @Test func workersAreBoundToTheirUnits() async {
    await #expect(processExitsWith: .success) {
      guard let all = AffinityMask.ofThread(0)?.processingUnits, let last = all.last else {
        exit(1)
      }
      let places = [
        WorkerPlacement.Worker(processingUnits: [all[0]], node: 0),
        WorkerPlacement.Worker(processingUnits: [last], node: 1),
      ]
      guard let pool = try? WorkerPool(placement: WorkerPlacement(workers: places)),
        let seen = try? AlignedBuffer<Int>(count: 2)
      else { exit(2) }
      pool.runOnEachNode { node in
        seen.pointer[node] =
          AffinityMask.ofThread(0)?.processingUnits == [node == 0 ? all[0] : last]
          ? 1 : 0
      }
      exit(seen.elements.allSatisfy { $0 == 1 } ? 0 : 3)
    }
  }

  @Test func workersTakeNoSignalsAndTheCallersMaskStays() async {
    await #expect(processExitsWith: .success) {
      var before = sigset_t()
      sigemptyset(&before)
      pthread_sigmask(SIG_SETMASK, &before, nil)
      guard let pool = try? WorkerPool(threads: 2),
        let blocked = try? AlignedBuffer<Int32>(count: 2)
      else { exit(1) }
      // Two items that wait for each other, so that each thread gets one.
      let started = Rendezvous(2)
      pool.run(2) { _, worker in
        started.arrive()
        var mask = sigset_t()
        pthread_sigmask(SIG_BLOCK, nil, &mask)
        blocked.pointer[worker] = sigismember(&mask, SIGTERM)
      }
      exit(blocked.pointer[0] == 0 && blocked.pointer[1] == 1 ? 0 : 2)
    }
  }

  @Test func thePeakGrowsWithTouchedMemoryOnly() async throws {
    await #expect(processExitsWith: .success) {
      let before = MemoryLimit.peakResidentBytes()
      guard let buffer = try? AlignedBuffer<UInt8>(count: 256 << 20) else { exit(1) }
      guard MemoryLimit.peakResidentBytes() - before < 64 << 20 else { exit(2) }
      for offset in stride(from: 0, to: 256 << 20, by: 4096) { buffer.pointer[offset] = 1 }
      let grown = MemoryLimit.peakResidentBytes() - before
      exit(grown > 250 << 20 && grown < 300 << 20 ? 0 : 3)
    }
  }
}

private func threadCount() -> Int? {
  SystemText.number("Threads", in: SystemText.read("/proc/self/status") ?? "")
}
