import Glibc
import Platform

func flush() { fflush(nil) }

func rename(_ from: String, _ to: String) throws {
  guard Glibc.rename(from, to) == 0 else { throw SystemError("rename", from) }
}

func removeFile(_ path: String) throws {
  guard unlink(path) == 0 else { throw SystemError("remove", path) }
}

func write(_ bytes: [UInt8], _ path: String) throws {
  let file = try File(path, .create)
  try file.write(bytes, at: 0)
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
