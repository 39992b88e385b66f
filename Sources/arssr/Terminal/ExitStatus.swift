import Files

/// The name is used all over the command; see `Files`.
typealias ExitStatus = Files.ExitStatus
