package ernie4j.zoo.onnx;

import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.protobuf.WireReader;

/** ONNX's StringStringEntryProto. */
record StringEntry(String key, String value) {
  static StringEntry read(WireReader in) throws ModelFileException {
    String key = "";
    String value = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> key = in.string();
        case 2 -> value = in.string();
        default -> in.skip();
      }
    }
    return new StringEntry(key, value);
  }
}
