package ernie4j.engine.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamBytesTest {
  private static final byte[] CONTENT = new byte[100_000];

  static {
    new Random(3).nextBytes(CONTENT);
  }

  /** Like a network: never more than a few bytes in one call. */
  private static InputStream trickle(byte[] content) {
    Random random = new Random(4);
    return new ByteArrayInputStream(content) {
      @Override
      public int read(byte[] into, int from, int most) {
        return super.read(into, from, Math.min(most, 1 + random.nextInt(5_000)));
      }
    };
  }

  @Test
  void readsWhatTheJdkReads() throws IOException {
    for (int most : new int[] {0, 1, 16_383, 16_384, 16_385, 50_000, 99_999, 100_000}) {
      InputStream in = trickle(CONTENT);
      assertThat(StreamBytes.upTo(in, most))
          .isEqualTo(new ByteArrayInputStream(CONTENT).readNBytes(most));
      assertThat(in.readAllBytes()).as("remaining bytes").hasSize(CONTENT.length - most);
    }
  }

  @Test
  void endsWithTheStream() throws IOException {
    assertThat(StreamBytes.upTo(trickle(CONTENT), 200_000)).isEqualTo(CONTENT);
    assertThat(StreamBytes.upTo(trickle(new byte[0]), 8)).isEmpty();
    byte[] into = new byte[CONTENT.length + 3];
    assertThat(StreamBytes.fill(trickle(CONTENT), into, 2)).isEqualTo(CONTENT.length + 2);
  }

  /** A header may claim any length; 2 GB would not fit into this JVM. */
  @Test
  void falseLengthCostsNoMemory() throws IOException {
    assertThat(StreamBytes.upTo(trickle(CONTENT), Integer.MAX_VALUE)).isEqualTo(CONTENT);
  }
}
