import Files
import Glibc

/// Numbers over steps in a file that TensorBoard reads.
///
/// Format: records of TFRecord with a message `Event` each (tensorflow/core/util/event.proto). A file
/// is written by one run; a run that goes on from a step tells the reader to forget what earlier
/// files hold from there on.
public final class EventFile: Sendable {
  /// A number and what it is called; a slash in the name makes groups.
  public typealias Scalar = (tag: String, value: Double)

  private let file: AppendingFile

  /// Begins a file in a folder.
  ///
  /// - Parameters:
  ///   - folder: Where, made if absent.
  ///   - step: Steps that were done before.
  /// - Throws: ``ReportError/file(_:)``.
  public init(folder: String, step: Int) throws(ReportError) {
    let seconds = Self.now
    do throws(FileError) {
      try OutputFolder.make(path: folder)
      file = try AppendingFile(
        path: "\(folder)/events.out.tfevents.\(Int(seconds)).\(Self.hostName).\(getpid())")
    } catch {
      throw .file(error)
    }
    var version = Self.event(step: 0)
    version.add(3, text: "brain.Event:2")
    append(version)
    var session = ProtobufMessage()
    session.add(1, integer: 1)
    // The reader forgets this step too.
    var start = Self.event(step: step + 1)
    start.add(7, message: session)
    append(start)
  }

  /// Writes some numbers of a step.
  public func add(step: Int, _ scalars: [Scalar]) {
    var summary = ProtobufMessage()
    for scalar in scalars {
      var value = ProtobufMessage()
      value.add(1, text: scalar.tag)
      value.add(2, float: Float(scalar.value))
      summary.add(1, message: value)
    }
    var event = Self.event(step: step)
    event.add(5, message: summary)
    append(event)
  }

  private static func event(step: Int) -> ProtobufMessage {
    var event = ProtobufMessage()
    event.add(1, double: now)
    event.add(2, integer: step)
    return event
  }

  private func append(_ event: ProtobufMessage) {
    func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
      withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
    let length = littleEndian(UInt64(event.bytes.count))
    // One call, so that a reader in between sees whole records.
    file.append(
      length + littleEndian(RecordChecksum.masked(length)) + event.bytes
        + littleEndian(RecordChecksum.masked(event.bytes)))
  }

  /// Seconds since 1970.
  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "host" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
