package ernie4j.zoo.download;

import ernie4j.engine.file.FileFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Downloads files over HTTP. An interrupted attempt is followed by another one, which requests only
 * the rest if the server still has the same file. A later process does the same. The file gets its
 * name only when it is complete.
 */
final class Downloader {
  private static final long TICK_MILLISECONDS = 100;

  private final HttpClient client;
  private final RetryPolicy retries;
  private final DownloadListener listener;

  Downloader(ProxySelector proxies, RetryPolicy retries, DownloadListener listener) {
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(retries.response())
            .proxy(proxies)
            .build();
    this.retries = retries;
    this.listener = listener;
  }

  /**
   * Downloads a file.
   *
   * @param mostBytes the most bytes that it may have
   * @throws IOException if it is larger or cannot be downloaded; what has arrived is kept for
   *     another try
   */
  void download(URI uri, Path target, long mostBytes) throws IOException {
    PartFile part = new PartFile(target);
    long most = part.size();
    int failures = 0;
    while (true) {
      DownloadException failure;
      try {
        attempt(uri, part, target.getFileName().toString(), mostBytes);
        part.finish();
        return;
      } catch (DownloadException e) {
        failure = e;
      } catch (SSLException e) {
        throw new IOException("%s: no secure connection: %s".formatted(uri, e.getMessage()), e);
      } catch (InterruptedIOException e) {
        throw e;
      } catch (FileSystemException e) {
        throw new IOException(
            "%s; what has arrived is kept: run the same command again to continue"
                .formatted(FileFailure.sentence(e)),
            e);
      } catch (IOException e) {
        failure = DownloadException.temporary(ResponseHead.describe(e));
        failure.initCause(e);
      }
      if (part.size() > most) {
        most = part.size();
        failures = 0;
      }
      failures++;
      Duration pause = failure.pause().orElse(retries.pause(failures));
      if (!failure.isTemporary()
          || failures >= retries.attempts()
          || pause.compareTo(retries.longestPause()) > 0) {
        throw new IOException(uri + ": " + failure.getMessage(), failure);
      }
      listener.note(
          "%s: %s; trying again in %.1f s"
              .formatted(uri, failure.getMessage(), pause.toMillis() / 1000.0));
      pause(pause);
    }
  }

  private static void pause(Duration pause) throws InterruptedIOException {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the download was interrupted");
    }
  }

  private void attempt(URI uri, PartFile part, String name, long mostBytes) throws IOException {
    long have = part.size();
    String version = part.version();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("User-Agent", "ernie4j")
            .header("Accept-Encoding", "identity");
    if (have > 0 && !version.isEmpty()) {
      request.header("Range", "bytes=" + have + "-").header("If-Range", version);
    }
    try (Receiver receiver = new Receiver(part, have, version, mostBytes)) {
      HttpResponse<Void> response =
          await(client.sendAsync(request.build(), receiver), receiver, name);
      ResponseHead head = new ResponseHead(response.statusCode(), response.headers());
      if (receiver.accepted()) {
        long total = receiver.total().orElse(receiver.bytes());
        if (receiver.bytes() != total) {
          throw DownloadException.temporary(
              "expected %,d bytes, got %,d".formatted(total, receiver.bytes()));
        }
      } else if (!head.saysComplete(have)) {
        if (head.contradictsPart()) {
          part.discard();
        }
        throw head.failure();
      }
    }
  }

  /** Waits for the end of a response as long as data arrives. */
  private HttpResponse<Void> await(
      CompletableFuture<HttpResponse<Void>> response, Receiver receiver, String name)
      throws IOException {
    try {
      while (true) {
        try {
          HttpResponse<Void> ended = response.get(TICK_MILLISECONDS, TimeUnit.MILLISECONDS);
          report(receiver, name);
          return ended;
        } catch (TimeoutException e) {
          report(receiver, name);
          Duration limit = receiver.answered() ? retries.silence() : retries.response();
          if (receiver.silence().compareTo(limit) > 0) {
            throw DownloadException.temporary(
                "nothing arrived for %.1f s".formatted(limit.toMillis() / 1000.0));
          }
        }
      }
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof UncheckedIOException unchecked) {
        throw unchecked.getCause();
      }
      throw cause instanceof IOException io ? io : new IOException(cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the download was interrupted");
    } finally {
      response.cancel(true);
    }
  }

  private void report(Receiver receiver, String name) {
    if (receiver.accepted()) {
      listener.received(name, receiver.bytes(), receiver.total().orElse(-1));
    }
  }
}
