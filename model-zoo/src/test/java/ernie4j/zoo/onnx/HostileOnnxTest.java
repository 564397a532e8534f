package ernie4j.zoo.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import ernie4j.engine.file.ModelFileException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class HostileOnnxTest {
  private static final byte[] GOOD = TinyExport.write(TinyExport.Style.MODULE_PATHS, true);

  @Test
  void damagedFilesAreRefusedOrReadInLittleMemory() {
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = damage(random, i % 4);
      refused += assertTimeoutPreemptively(Duration.ofSeconds(5), () -> isRefused(damaged)) ? 1 : 0;
    }
    assertThat(refused).isBetween(600, 1999);
  }

  private static byte[] damage(Random random, int kind) {
    byte[] copy = GOOD.clone();
    int at = random.nextInt(copy.length);
    switch (kind) {
      case 0 -> copy[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> copy = Arrays.copyOf(copy, at);
      case 2 -> {
        for (int i = at; i < Math.min(copy.length, at + 6); i++) {
          copy[i] = (byte) 0xff;
        }
      }
      default -> {
        int from = random.nextInt(copy.length);
        System.arraycopy(
            GOOD, from, copy, at, Math.min(random.nextInt(64), copy.length - Math.max(from, at)));
      }
    }
    return copy;
  }

  /** Whether a file is refused; anything but our own exception fails the test. */
  private static boolean isRefused(byte[] file) throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    boolean refused = false;
    try {
      BertOnnxImporter.read("damaged.onnx", file);
    } catch (ModelFileException e) {
      assertThat(e).hasMessageStartingWith("damaged.onnx: ");
      refused = true;
    }
    // The undamaged file needs about 0.4 MB, most of it for names and messages.
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(5_000_000);
    return refused;
  }

  @Test
  void everyCutOffFileIsRefused() {
    for (int length = 0; length < GOOD.length; length += 13) {
      byte[] cut = Arrays.copyOf(GOOD, length);
      assertRefused(() -> BertOnnxImporter.read("cut", cut), "");
    }
  }

  @Test
  void refusesTensorsThatClaimToBeHuge() {
    ProtoBytes tensor =
        new ProtoBytes().varint(1, 1 << 16).varint(1, 1 << 14).varint(2, 1).bytes(9, new byte[4]);
    assertRefused(() -> graph(5, tensor), "needs 4294967296 bytes, got 4");
    ProtoBytes overflowing =
        new ProtoBytes().varint(1, 1 << 30).varint(1, 1 << 30).varint(1, 1 << 30).varint(2, 1);
    assertRefused(() -> graph(5, overflowing), "more than 2^31-1 elements");
    ProtoBytes negative = new ProtoBytes().varint(1, -4).varint(2, 1);
    assertRefused(() -> graph(5, negative), "dimensions from 0 to 2^31-1");
  }

  @Test
  void refusesNumbersInOtherFiles() {
    ProtoBytes entry = new ProtoBytes().string(1, "location").string(2, "../../etc/passwd");
    assertRefused(
        () -> graph(5, new ProtoBytes().varint(2, 1).message(13, entry)), "in another file");
    assertRefused(() -> graph(5, new ProtoBytes().varint(2, 1).varint(14, 1)), "in another file");
  }

  @Test
  void refusesMoreTinyPartsThanAnyModelHas() {
    ProtoBytes graph = new ProtoBytes();
    for (int i = 0; i < 300_000; i++) {
      graph.bytes(1, new byte[0]);
    }
    byte[] model = model(graph);
    assertRefused(() -> OnnxFile.read("parts", model), "more than 200000 nodes");
  }

  @Test
  void refusesLengthsThatDoNotFit() {
    byte[] negative = new ProtoBytes().raw(7 * 8 + 2).raw(-1).toByteArray();
    assertRefused(() -> OnnxFile.read("f", negative), "says it has 18446744073709551615 bytes");
    byte[] endless = new byte[20];
    Arrays.fill(endless, (byte) 0xff);
    assertRefused(() -> OnnxFile.read("f", endless), "longer than ten bytes");
    assertRefused(() -> OnnxFile.read("f", new byte[0]), "without a graph");
    assertRefused(() -> OnnxFile.read("f", new byte[] {11}), "unknown wire type 3");
  }

  @Test
  void skipsDeeplyNestedSubgraphs() throws Exception {
    byte[] nested = new byte[0];
    for (int depth = 0; depth < 2000; depth++) {
      ProtoBytes attribute = new ProtoBytes().string(1, "body").bytes(6, nested);
      nested = new ProtoBytes().message(1, new ProtoBytes().message(5, attribute)).toByteArray();
    }
    byte[] model = new ProtoBytes().bytes(7, nested).bytes(8, new byte[0]).toByteArray();
    assertThat(OnnxFile.read("nested", model).nodes()).hasSize(1);
  }

  private static OnnxFile graph(int field, ProtoBytes content) throws IOException {
    return OnnxFile.read("hostile", model(new ProtoBytes().message(field, content)));
  }

  private static byte[] model(ProtoBytes graph) {
    return new ProtoBytes().message(7, graph).bytes(8, new byte[0]).toByteArray();
  }

  private static void assertRefused(ThrowingCallable reading, String why) {
    assertThatThrownBy(reading).isInstanceOf(ModelFileException.class).hasMessageContaining(why);
  }
}
