package ernie4j.zoo.download;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpHeaders;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the head of an HTTP response says about a file (RFC 9110). */
final class ResponseHead {
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (?:(\\d{1,18})-\\d{1,18}|\\*)/(\\d{1,18}|\\*)");

  private final int status;
  private final HttpHeaders headers;

  ResponseHead(int status, HttpHeaders headers) {
    this.status = status;
    this.headers = headers;
  }

  private String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  /**
   * What identifies the file in an If-Range header: its strong ETag, or else its date; or nothing.
   */
  String version() {
    String tag = header("ETag");
    return tag.startsWith("\"") ? tag : header("Last-Modified");
  }

  OptionalLong length() {
    return headers.firstValueAsLong("Content-Length");
  }

  /** The length of the whole file, from Content-Range. */
  OptionalLong total() {
    Matcher range = CONTENT_RANGE.matcher(header("Content-Range"));
    return range.matches() && !range.group(2).equals("*")
        ? OptionalLong.of(Long.parseLong(range.group(2)))
        : OptionalLong.empty();
  }

  /** A login or error page that is sent with a success status must not become a file. */
  private boolean isWebPage() {
    return header("Content-Type").toLowerCase(Locale.ROOT).startsWith("text/html");
  }

  /** Whether the response is the whole file. */
  boolean isWhole() {
    return status == 200 && !isWebPage();
  }

  /** Whether the response begins where our part ends and is of the same version. */
  boolean continues(long have, String version) {
    Matcher range = CONTENT_RANGE.matcher(header("Content-Range"));
    return status == 206
        && range.matches()
        && Long.toString(have).equals(range.group(1))
        && (version().isEmpty() || version().equals(version));
  }

  /** Whether the server has nothing after our part because that is the whole file. */
  boolean saysComplete(long have) {
    return status == 416 && have > 0 && total().orElse(-1) == have;
  }

  /** Whether our part does not fit what the server has. */
  boolean contradictsPart() {
    return status == 206 || status == 416;
  }

  /** What a response without a file means. */
  DownloadException failure() {
    if (status == 200) {
      return DownloadException.permanent(
          "expected a file, got a web page (text/html); look at it in a browser: a proxy, a login or an error may be in the way");
    }
    if (contradictsPart()) {
      return DownloadException.temporary("the partial file does not match; starting over");
    }
    if (status == 408 || status == 429 || status >= 500) {
      return DownloadException.temporary("the server answered " + status, retryAfter());
    }
    if (status >= 300 && status < 400) {
      return DownloadException.permanent(
          "too many redirections, or one to an insecure address; the last was %d to '%s'"
              .formatted(status, header("Location")));
    }
    return DownloadException.permanent(
        "the server answered %d%s"
            .formatted(
                status,
                switch (status) {
                  case 401, 403 -> ": access is refused";
                  case 404, 410 ->
                      ": there is no such file; it may have moved, or the mirror does not have it";
                  case 407 -> ": the proxy wants a login, which is not supported";
                  default -> "";
                }));
  }

  private Optional<Duration> retryAfter() {
    String value = header("Retry-After").strip();
    if (value.matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
    }
    try {
      Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration pause = Duration.between(Instant.now(), date);
      return Optional.of(pause.isNegative() ? Duration.ZERO : pause);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Describes an exception of the HTTP client, whose own message is often empty. */
  static String describe(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
        return "the host is unknown; is there a network, or a proxy to name in https_proxy?";
      }
    }
    if (e instanceof HttpTimeoutException) {
      return "no response in time";
    }
    if (e instanceof ConnectException) {
      return "no connection; is there a network, or a proxy to name in https_proxy?";
    }
    String message = e.getMessage();
    return "the connection broke: " + (message == null ? e.getClass().getSimpleName() : message);
  }
}
