import Dispatch
import Glibc
import Platform
import Synchronization

func flush() { fflush(nil) }

func rename(_ from: String, _ to: String) throws {
  guard Glibc.rename(from, to) == 0 else { throw SystemError("rename", from) }
}

func removeFile(_ path: String) throws {
  guard unlink(path) == 0 else { throw SystemError("remove", path) }
}

/// Nanoseconds of processor time that this thread has taken.
func processorNow() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// Gives a file's pages back, so that reading it goes to the disk.
func dropFromCache(_ path: String) throws {
  let descriptor = open(path, O_RDONLY)
  guard descriptor >= 0 else { throw SystemError("open", path) }
  defer { close(descriptor) }
  // Pages that are still to be written cannot be given back.
  guard fsync(descriptor) == 0, posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED) == 0 else { throw SystemError("drop", path) }
}

/// The most memory of its own that the process has while this lives, looked at every two milliseconds: what maps no file (RssAnon).
final class MemoryWatch: Sendable {
  private let most = Atomic(0)

  init() {
    DispatchQueue(label: "memory").async { [weak self] in
      while let watch = self {
        watch.most.max(Self.now(), ordering: .relaxed)
        usleep(2000)
      }
    }
  }

  /// Bytes.
  var peak: Int { most.load(ordering: .relaxed) }

  /// Pages that are there, less those of files.
  private static func now() -> Int {
    guard let file = try? File("/proc/self/statm", .read), let bytes = try? file.read(at: 0, count: 200) else { return 0 }
    let pages = String(decoding: bytes, as: UTF8.self).split(separator: " ").compactMap { Int($0) }
    return pages.count > 2 ? (pages[1] - pages[2]) * 4096 : 0
  }
}
