package ernie4j.training;

import ernie4j.engine.Int8Weight;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.Tensor;
import ernie4j.engine.Weight;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;

/** Hashes of what a training begins with; a checkpoint recognizes its inputs by them. */
public final class InputHash {
  private static final int CHUNK = 1 << 14;

  private InputHash() {}

  /**
   * Hashes things that differ in their {@code toString}, in order.
   *
   * @param things for example records, whose {@code toString} shows all components
   * @return SHA-256 in hexadecimal
   */
  public static String of(Iterable<?> things) {
    MessageDigest hash = Sha256.start();
    things.forEach(thing -> Sha256.update(hash, String.valueOf(thing)));
    return Sha256.hex(hash);
  }

  /**
   * Hashes all of a model that affects its results; its provenance does not count.
   *
   * @param model the model to hash; not changed
   * @return SHA-256 in hexadecimal
   */
  public static String of(Model model) {
    MessageDigest hash = Sha256.start();
    Sha256.update(hash, model.config() + model.task() + model.labels() + model.tokenizerOptions());
    Sha256.update(hash, String.valueOf(model.vocabulary()));
    ParameterSource parameters = model.parameters();
    for (String name : parameters.names().stream().sorted().toList()) {
      Sha256.update(hash, name + Arrays.toString(parameters.shape(name)));
      Weight weight = parameters.weight(name).inMemory();
      if (weight instanceof Int8Weight codes) {
        hash.update(codes.codes());
        update(hash, codes.companion());
      } else {
        update(hash, parameters.get(name));
      }
    }
    return Sha256.hex(hash);
  }

  private static void update(MessageDigest hash, Tensor tensor) {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < tensor.size(); from += CHUNK) {
      int count = Math.min(CHUNK, tensor.size() - from);
      chunk.asFloatBuffer().put(tensor.data(), tensor.offset() + from, count);
      hash.update(chunk.array(), 0, count * Float.BYTES);
    }
  }
}
