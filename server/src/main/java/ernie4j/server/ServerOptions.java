package ernie4j.server;

import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.LongText;
import ernie4j.server.task.Limits;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a service listens and what it takes. An option that is not set has the default that is
 * named here.
 */
public final class ServerOptions {
  private String host = "127.0.0.1";
  private int port = 8080;
  private @Nullable String token;
  private int maxBodyBytes = 1 << 20;
  private int maxTexts = 256;
  private int maxTokens = 65_536;
  private int maxWaitingTexts = 1024;
  private int maxBatchTexts = 32;
  private Duration batchWait = Duration.ZERO;
  private @Nullable LongText longText;
  private @Nullable Duration warmUp;
  private Duration stopTimeout = Duration.ofSeconds(30);
  private @Nullable OutputStream accessLog = new FileOutputStream(FileDescriptor.out);

  private ServerOptions() {}

  /** Port 8080 of the loopback interface, without a token. */
  public static ServerOptions defaults() {
    return new ServerOptions();
  }

  /**
   * The address to listen on, for example {@code 0.0.0.0}; default 127.0.0.1, this machine only.
   */
  public ServerOptions host(String address) {
    host = address;
    return this;
  }

  /**
   * The port, 0 for any that is free; default 8080.
   *
   * @throws IllegalArgumentException if it is not from 0 to 65535
   */
  public ServerOptions port(int number) {
    if (number < 0 || number > 65_535) {
      throw new IllegalArgumentException("port: expected 0 to 65535, got " + number);
    }
    port = number;
    return this;
  }

  /**
   * What requests must have as {@code Authorization: Bearer TOKEN}; default null, nothing.
   *
   * @throws IllegalArgumentException if it is blank
   */
  public ServerOptions token(@Nullable String secret) {
    if (secret != null && secret.isBlank()) {
      throw new IllegalArgumentException("token: expected a secret, got a blank one");
    }
    token = secret;
    return this;
  }

  /** The largest body of a request; default 1 MiB. */
  public ServerOptions maxBodyBytes(int bytes) {
    maxBodyBytes = positive("body bytes", bytes);
    return this;
  }

  /** The most texts of a request; default 256. */
  public ServerOptions maxTexts(int texts) {
    maxTexts = positive("texts", texts);
    return this;
  }

  /** The most tokens of all texts of a request; default 65,536. */
  public ServerOptions maxTokens(int tokens) {
    maxTokens = positive("tokens", tokens);
    return this;
  }

  /** The most texts that wait for a model before requests are refused; default 1,024. */
  public ServerOptions maxWaitingTexts(int texts) {
    maxWaitingTexts = positive("waiting texts", texts);
    return this;
  }

  /** The most texts that are computed together; default 32. */
  public ServerOptions maxBatchTexts(int texts) {
    maxBatchTexts = positive("batch texts", texts);
    return this;
  }

  /**
   * How long a text waits for others when a thread is free to compute it; default 0. Texts that
   * arrive while all threads compute are put together in any case.
   *
   * @throws IllegalArgumentException if it is negative or more than a second
   */
  public ServerOptions batchWait(Duration wait) {
    if (wait.isNegative() || wait.compareTo(Duration.ofSeconds(1)) > 0) {
      throw new IllegalArgumentException("batch wait: expected 0 to 1 s, got " + wait);
    }
    batchWait = wait;
    return this;
  }

  /**
   * What happens to texts of more tokens than a model reads at once, where its pipeline can do it;
   * default null: what each pipeline does by itself.
   */
  public ServerOptions longText(@Nullable LongText policy) {
    longText = policy;
    return this;
  }

  /**
   * How long the service gets to full speed before it says that it is ready; default null: 0.8 s,
   * or 0.1 s where machine code computes, which the JVM need not compile.
   */
  public ServerOptions warmUp(@Nullable Duration most) {
    warmUp = most;
    return this;
  }

  /** How long accepted requests may take when the service stops; default 30 s. */
  public ServerOptions stopTimeout(Duration most) {
    stopTimeout = most;
    return this;
  }

  /** Whether every request is a line on standard output; default true. */
  public ServerOptions accessLog(boolean on) {
    return accessLog(on ? new FileOutputStream(FileDescriptor.out) : null);
  }

  /** Where every request is a line, or null for nowhere; not closed. */
  ServerOptions accessLog(@Nullable OutputStream stream) {
    accessLog = stream;
    return this;
  }

  private static int positive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s: expected at least 1, got %d".formatted(name, value));
    }
    return value;
  }

  String host() {
    return host;
  }

  int port() {
    return port;
  }

  @Nullable String token() {
    return token;
  }

  int maxBodyBytes() {
    return maxBodyBytes;
  }

  @Nullable LongText longText() {
    return longText;
  }

  Duration warmUp() {
    return warmUp != null ? warmUp : usualWarmUp();
  }

  private static Duration usualWarmUp() {
    return Duration.ofMillis(Kernels.best().isMachineCode() ? 100 : 800);
  }

  Duration stopTimeout() {
    return stopTimeout;
  }

  @Nullable OutputStream accessLog() {
    return accessLog;
  }

  Limits limits() {
    return new Limits(maxTexts, maxTokens, maxWaitingTexts, maxBatchTexts, batchWait);
  }
}
