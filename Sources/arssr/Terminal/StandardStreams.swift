import Glibc

/// The three descriptors that every program starts with, and signals that writing can raise.
enum StandardStreams {
  /// Puts the process into a state in which nothing below has to think of descriptors and pipes.
  ///
  /// Descriptors 0 to 2 that were closed are opened on `/dev/null`: else the first file opened would
  /// get number 2, and messages would go into a volume. SIGPIPE and SIGXFSZ are ignored, so that
  /// writing returns an error, which is then reported like any other.
  static func prepare() {
    for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
      _ = open("/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY)
    }
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Writes all bytes; returns 0 or the error number of the system.
  static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { bytes -> Int32 in
      var rest = UnsafeRawBufferPointer(bytes)
      while let base = rest.baseAddress, !rest.isEmpty {
        let count = Glibc.write(descriptor, base, rest.count)
        if count > 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        } else if count < 0, errno == EAGAIN {
          var pending = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&pending, 1, -1)
        } else if count < 0, errno != EINTR {
          return errno
        }
      }
      return 0
    }
  }

  /// Prints results on standard output.
  ///
  /// A reader that went away ends the program quietly, as it would any other.
  static func printResult(_ text: String) throws(Failure) {
    let number = write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO)
    if number == EPIPE { Signals.die(of: SIGPIPE) }
    if number != 0 { throw Failure(.standardOutput(errorNumber: number)) }
  }

  /// Whether a message would be written at once; false where a pipe is full and nobody reads it.
  static var takesMessages: Bool {
    var pending = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
    return poll(&pending, 1, 0) > 0
  }

  /// Prints for the eye; where that is not possible there is nobody to tell.
  static func printMessage(_ text: String) {
    _ = write(text, to: STDERR_FILENO)
  }
}
