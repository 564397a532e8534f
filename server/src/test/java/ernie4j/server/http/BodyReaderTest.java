package ernie4j.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ernie4j.server.task.RequestException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BodyReaderTest {
  private final AtomicLong clock = new AtomicLong(-5);
  private final BodyReader reader = new BodyReader(30_000, clock::get);

  /** A stream that takes some seconds for every few bytes. */
  private InputStream slow(int bytes, int atOnce, long seconds) {
    return new InputStream() {
      private int left = bytes;

      @Override
      public int read() {
        throw new UnsupportedOperationException();
      }

      @Override
      public int read(byte[] target, int offset, int length) {
        clock.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
        int given = Math.min(Math.min(length, atOnce), left);
        left -= given;
        return given == 0 ? -1 : given;
      }
    };
  }

  private int status(InputStream in) {
    return catchThrowableOfType(RequestException.class, () -> reader.read(in)).status();
  }

  @Test
  void readsTheWholeBody() {
    byte[] bytes = new byte[30_000];
    bytes[29_999] = 7;
    assertThat(reader.read(new ByteArrayInputStream(bytes))).isEqualTo(bytes);
    assertThat(reader.read(new ByteArrayInputStream(new byte[0]))).isEmpty();
  }

  @Test
  void refusesOneByteTooMany() {
    assertThat(status(new ByteArrayInputStream(new byte[30_001]))).isEqualTo(413);
  }

  @Test
  void readsOversizedBodiesUnlessTheyAreVeryLarge() throws IOException {
    InputStream large = new ByteArrayInputStream(new byte[4 << 20]);
    assertThat(status(large)).isEqualTo(413);
    assertThat(large.available()).isZero();
    InputStream announced = new ByteArrayInputStream(new byte[4 << 20]);
    assertThat(reader.refuse(announced, 4 << 20).status()).isEqualTo(413);
    assertThat(announced.available()).isZero();
    InputStream veryLarge = new ByteArrayInputStream(new byte[20 << 20]);
    assertThat(status(veryLarge)).isEqualTo(413);
    assertThat(veryLarge.available()).isGreaterThan(10 << 20);
    InputStream untouched = new ByteArrayInputStream(new byte[20 << 20]);
    assertThat(reader.refuse(untouched, 20 << 20).status()).isEqualTo(413);
    assertThat(untouched.available()).isEqualTo(20 << 20);
  }

  @Test
  void acceptsASlowStart() {
    assertThat(reader.read(slow(12, 6, 4))).hasSize(12);
    assertThat(reader.read(slow(20_000, 5000, 5))).hasSize(20_000);
  }

  @Test
  void refusesBodiesThatArriveTooSlowly() {
    assertThat(status(slow(20_000, 1, 1))).isEqualTo(400);
    assertThat(TimeUnit.NANOSECONDS.toSeconds(clock.get())).isBetween(10L, 12L);
  }

  @Test
  void paceOfDiscardedBytesCountsFromTheStart() {
    assertThat(status(slow(60_000, 4000, 2))).isEqualTo(413);
  }

  @Test
  void refusesBodiesThatEndEarly() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new EOFException("Early EOF");
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            return read();
          }
        };
    assertThat(status(broken)).isEqualTo(400);
  }
}
