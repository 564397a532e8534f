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
 * Where a server listens, and which requests it accepts. Every setter changes this object and
 * returns it.
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

  /**
   * {@return new options with all defaults: port 8080 of the loopback interface, without a token}
   */
  public static ServerOptions defaults() {
    return new ServerOptions();
  }

  /**
   * Sets the address to listen on.
   *
   * @param address a host name or address, for example {@code 0.0.0.0} for all interfaces;
   *     127.0.0.1, this machine only, by default
   * @return these options
   */
  public ServerOptions host(String address) {
    host = address;
    return this;
  }

  /**
   * Sets the port to listen on.
   *
   * @param number from 0 to 65535, where 0 selects any free port; 8080 by default
   * @return these options
   * @throws IllegalArgumentException if the number is out of range
   */
  public ServerOptions port(int number) {
    if (number < 0 || number > 65_535) {
      throw new IllegalArgumentException("port: expected 0 to 65535, got " + number);
    }
    port = number;
    return this;
  }

  /**
   * Sets the token that requests must send as {@code Authorization: Bearer TOKEN}.
   *
   * @param secret the token; null, the default, to accept requests without one
   * @return these options
   * @throws IllegalArgumentException if the token is blank
   */
  public ServerOptions token(@Nullable String secret) {
    if (secret != null && secret.isBlank()) {
      throw new IllegalArgumentException("token: expected a secret, got a blank one");
    }
    token = secret;
    return this;
  }

  /**
   * Sets the size of the largest request body.
   *
   * @param bytes at least 1; 1 MiB by default
   * @return these options
   * @throws IllegalArgumentException if the number is below 1
   */
  public ServerOptions maxBodyBytes(int bytes) {
    maxBodyBytes = positive("body bytes", bytes);
    return this;
  }

  /**
   * Sets the largest number of texts in a request.
   *
   * @param texts at least 1; 256 by default
   * @return these options
   * @throws IllegalArgumentException if the number is below 1
   */
  public ServerOptions maxTexts(int texts) {
    maxTexts = positive("texts", texts);
    return this;
  }

  /**
   * Sets the largest number of tokens in all texts of a request.
   *
   * @param tokens at least 1; 65,536 by default
   * @return these options
   * @throws IllegalArgumentException if the number is below 1
   */
  public ServerOptions maxTokens(int tokens) {
    maxTokens = positive("tokens", tokens);
    return this;
  }

  /**
   * Sets the largest number of texts that wait for a model. Requests beyond it are rejected with
   * status 429.
   *
   * @param texts at least 1; 1,024 by default
   * @return these options
   * @throws IllegalArgumentException if the number is below 1
   */
  public ServerOptions maxWaitingTexts(int texts) {
    maxWaitingTexts = positive("waiting texts", texts);
    return this;
  }

  /**
   * Sets the largest number of texts that are computed together.
   *
   * @param texts at least 1; 32 by default
   * @return these options
   * @throws IllegalArgumentException if the number is below 1
   */
  public ServerOptions maxBatchTexts(int texts) {
    maxBatchTexts = positive("batch texts", texts);
    return this;
  }

  /**
   * Sets how long a text waits for others although a thread is free to compute it. Texts that
   * arrive while all threads are busy are batched in any case.
   *
   * @param wait from 0 to 1 second; 0 by default
   * @return these options
   * @throws IllegalArgumentException if the time is negative or longer than a second
   */
  public ServerOptions batchWait(Duration wait) {
    if (wait.isNegative() || wait.compareTo(Duration.ofSeconds(1)) > 0) {
      throw new IllegalArgumentException("batch wait: expected 0 to 1 s, got " + wait);
    }
    batchWait = wait;
    return this;
  }

  /**
   * Sets how texts are treated that have more tokens than a model reads at once, in pipelines that
   * support it.
   *
   * @param policy null, the default, for the default of each pipeline
   * @return these options
   */
  public ServerOptions longText(@Nullable LongText policy) {
    longText = policy;
    return this;
  }

  /**
   * Sets how long the models are warmed up before the server reports that it is ready.
   *
   * @param most the longest time; null, the default, for 0.8 s, or 0.1 s with machine code, which
   *     the JVM need not compile
   * @return these options
   */
  public ServerOptions warmUp(@Nullable Duration most) {
    warmUp = most;
    return this;
  }

  /**
   * Sets how long accepted requests may take when the server stops.
   *
   * @param most the longest time; 30 seconds by default
   * @return these options
   */
  public ServerOptions stopTimeout(Duration most) {
    stopTimeout = most;
    return this;
  }

  /**
   * Sets whether a line for every request is written to standard output.
   *
   * @param on true by default
   * @return these options
   */
  public ServerOptions accessLog(boolean on) {
    return accessLog(on ? new FileOutputStream(FileDescriptor.out) : null);
  }

  /** Sets the stream that receives a line for every request; null for none. It is not closed. */
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
