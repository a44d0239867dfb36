import Glibc

/// What is done to names in directories.
public enum Directory {
  /// Makes `path` and what is missing above it.
  public static func make(_ path: String) throws(SystemError) {
    if mkdir(path, 0o750) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else { throw SystemError("make directory", path) }
    try make(String(path[..<slash]))
    if mkdir(path, 0o750) != 0 && errno != EEXIST { throw SystemError("make directory", path) }
  }

  /// `path` from the root on. Throws when the current directory is not there any more.
  public static func absolute(_ path: String) throws(SystemError) -> String {
    if path.hasPrefix("/") { return path }
    // With NULL it allocates as many bytes as it takes.
    guard let current = getcwd(nil, 0) else { throw SystemError("find the current directory for", path) }
    defer { free(current) }
    return "\(String(cString: current))/\(path)"
  }

  /// Waits until the names in `path` are on stable storage.
  public static func sync(_ path: String) throws(SystemError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError("open directory", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw SystemError("sync directory", path) }
  }

  /// The names in `path`, sorted, without `.` and `..`. Directories end in `/`.
  public static func names(_ path: String) throws(SystemError) -> [String] {
    guard let stream = opendir(path) else { throw SystemError("list", path) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      // `d_name` is a NUL-terminated string inside the entry that readdir returned.
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      names.append(entry.pointee.d_type == UInt8(DT_DIR) ? name + "/" : name)
    }
    return names.sorted()
  }

  /// Gives `from` the second name `to`, atomically; throws `SystemError.exists` when `to` is there.
  public static func link(_ from: String, _ to: String) throws(SystemError) {
    guard Glibc.link(from, to) == 0 else { throw SystemError("link", to) }
  }

  /// Renames `from` to `to`, replacing it.
  public static func rename(_ from: String, _ to: String) throws(SystemError) {
    guard Glibc.rename(from, to) == 0 else { throw SystemError("rename", to) }
  }

  /// Removes the file `path`.
  public static func remove(_ path: String) throws(SystemError) {
    guard unlink(path) == 0 else { throw SystemError("remove", path) }
  }

  /// Whether a file or directory is at `path`.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The length in bytes of the file at `path`.
  public static func size(_ path: String) throws(SystemError) -> UInt64 {
    var status = stat()
    guard stat(path, &status) == 0 else { throw SystemError("inspect", path) }
    return UInt64(status.st_size)
  }
}
