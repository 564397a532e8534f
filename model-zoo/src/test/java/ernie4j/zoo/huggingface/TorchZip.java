package ernie4j.zoo.huggingface;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes what torch.save writes for a state dict, or something like it. */
final class TorchZip {
  private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
  private final Map<String, byte[]> storages = new LinkedHashMap<>();

  TorchZip() {
    text("\u0080\u0002ccollections\nOrderedDict\n)R");
  }

  private TorchZip text(String latin1) {
    pickle.writeBytes(latin1.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  private TorchZip string(String value) {
    return text("X").number(value.length()).text(value);
  }

  private TorchZip number(int value) {
    ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value);
    pickle.writeBytes(bytes.array());
    return this;
  }

  private TorchZip tuple(int... values) {
    text("(");
    for (int value : values) {
      text("J").number(value);
    }
    return text("t");
  }

  TorchZip storage(String key, byte[] bytes) {
    storages.put(key, bytes);
    return this;
  }

  TorchZip storage(String key, float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return storage(key, bytes.array());
  }

  /** A tensor over {@code elements} numbers of a type such as FloatStorage. */
  TorchZip tensor(
      String name, String type, String key, int elements, int offset, int[] shape, int[] strides) {
    string(name).text("ctorch._utils\n_rebuild_tensor_v2\n((");
    string("storage").text("ctorch\n" + type + "\n").string(key).string("cpu");
    text("J").number(elements).text("tQJ").number(offset);
    return tuple(shape).tuple(strides).text("\u0089ccollections\nOrderedDict\n)RtRs");
  }

  void write(Path file) throws IOException {
    text(".");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      add(zip, "data.pkl", pickle.toByteArray());
      add(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
      for (Map.Entry<String, byte[]> storage : storages.entrySet()) {
        add(zip, "data/" + storage.getKey(), storage.getValue());
      }
    }
  }

  private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry("archive/" + name);
    CRC32 sum = new CRC32();
    sum.update(content);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(sum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
  }
}
