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
