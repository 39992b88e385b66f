import CArssr
import KernelInterface
import SuperResolution

/// A computer behind `arssr_computer`.
final class ComputerHandle: Sendable {
  let computer: Computer
  let isa: CText

  init(_ computer: Computer) {
    self.computer = computer
    isa = CText(computer.instructionSet.rawValue)
  }
}

private let versionText = CText(Release.version)

/// See `arssr.h`.
@_cdecl("arssr_version")
public func version() -> UnsafePointer<CChar> { versionText.pointer }

/// See `arssr.h`.
@_cdecl("arssr_interface")
public func interface() -> Int32 { ARSSR_INTERFACE }

/// See `arssr.h`.
@_cdecl("arssr_computer_open")
public func openComputer(
  _ threads: Int32, _ isa: UnsafePointer<CChar>?, _ memory: Int64,
  _ computer: UnsafeMutablePointer<OpaquePointer?>, _ error: UnsafeMutablePointer<arssr_error>?
) -> Int32 {
  call(error) { () throws(SuperResolutionError) in
    let set = try text(isa).map { word throws(SuperResolutionError) in
      guard let set = InstructionSet(rawValue: word) else {
        throw .argument(
          name: "isa", value: word,
          wanted: InstructionSet.allCases.map(\.rawValue).joined(separator: ", "))
      }
      return set
    }
    guard memory >= 0 else {
      throw .argument(name: "memory", value: "\(memory)", wanted: "0 or more bytes")
    }
    computer.pointee = Handle.open(
      ComputerHandle(
        try Computer(
          threads: threads == 0 ? nil : Int(threads), instructionSet: set,
          memoryLimit: memory == 0 ? nil : Int(memory))))
  }
}

/// See `arssr.h`.
@_cdecl("arssr_computer_threads")
public func computerThreads(_ computer: OpaquePointer) -> Int32 {
  Int32(computerHandle(computer).computer.threads)
}

/// See `arssr.h`.
@_cdecl("arssr_computer_isa")
public func computerISA(_ computer: OpaquePointer) -> UnsafePointer<CChar> {
  computerHandle(computer).isa.pointer
}

/// See `arssr.h`.
@_cdecl("arssr_computer_memory")
public func computerMemory(_ computer: OpaquePointer) -> Int64 {
  Int64(computerHandle(computer).computer.memoryLimit)
}

/// See `arssr.h`.
@_cdecl("arssr_computer_close")
public func closeComputer(_ computer: OpaquePointer?) {
  Handle.close(computer, ComputerHandle.self)
}

/// The computer behind a pointer.
func computerHandle(_ pointer: OpaquePointer) -> ComputerHandle { Handle.object(pointer) }
