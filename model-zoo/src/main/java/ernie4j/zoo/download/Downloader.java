package ernie4j.zoo.download;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import javax.net.ssl.SSLException;

/**
 * Downloads files over HTTP. An attempt that breaks off is followed by another, which asks for the
 * rest only if the server still has the same file; so does a later process. Nothing stands under
 * the name of the file before all of it is here.
 */
final class Downloader {
  private final HttpClient client;
  private final Patience patience;
  private final DownloadListener listener;

  Downloader(ProxySelector proxies, Patience patience, DownloadListener listener) {
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(patience.answer())
            .proxy(proxies)
            .build();
    this.patience = patience;
    this.listener = listener;
  }

  /**
   * Downloads a file.
   *
   * @throws IOException if it cannot be had; what has arrived is kept for another try
   */
  void download(URI uri, Path target) throws IOException {
    PartFile part = new PartFile(target);
    long most = part.size();
    int failures = 0;
    while (true) {
      DownloadException failure;
      try {
        attempt(uri, part, target.getFileName().toString());
        part.finish();
        return;
      } catch (DownloadException e) {
        failure = e;
      } catch (SSLException e) {
        throw new IOException("%s: no secure connection: %s".formatted(uri, e.getMessage()), e);
      } catch (InterruptedIOException e) {
        throw e;
      } catch (IOException e) {
        failure = DownloadException.temporary(Answer.describe(e));
        failure.initCause(e);
      }
      if (part.size() > most) {
        most = part.size();
        failures = 0;
      }
      failures++;
      Duration pause = failure.pause().orElse(patience.pause(failures));
      if (!failure.isTemporary()
          || failures >= patience.attempts()
          || pause.compareTo(patience.longestPause()) > 0) {
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

  private void attempt(URI uri, PartFile part, String name) throws IOException {
    long have = part.size();
    String version = part.version();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(patience.answer())
            .header("User-Agent", "ernie4j")
            .header("Accept-Encoding", "identity");
    if (have > 0 && !version.isEmpty()) {
      request.header("Range", "bytes=" + have + "-").header("If-Range", version);
    }
    HttpResponse<InputStream> response = send(request.build());
    try (InputStream body = response.body()) {
      Answer answer = new Answer(response);
      switch (response.statusCode()) {
        case 200 -> {
          answer.refuseWebPage();
          receive(body, part.restart(answer.version()), name, 0, answer.length());
        }
        case 206 -> {
          if (!answer.continues(have, version)) {
            part.discard();
            throw DownloadException.temporary(
                "the server sent another part than the one asked for; starting over");
          }
          receive(body, part.append(), name, have, answer.total());
        }
        case 416 -> {
          if (have == 0 || answer.total().orElse(-1) != have) {
            part.discard();
            throw DownloadException.temporary("the file has changed; starting over");
          }
        }
        default -> throw answer.failure();
      }
    }
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
    try {
      return client.send(request, BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the download was interrupted");
    }
  }

  private void receive(
      InputStream body, OutputStream to, String name, long have, OptionalLong total)
      throws IOException {
    long bytes = have;
    try (to;
        StallGuard guard = new StallGuard(body, patience.silence())) {
      byte[] buffer = new byte[1 << 16];
      try {
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
          guard.bytesCame();
          to.write(buffer, 0, n);
          bytes += n;
          listener.received(name, bytes, total.orElse(-1));
        }
      } catch (IOException e) {
        if (!guard.stalled()) {
          throw e;
        }
      }
      if (guard.stalled()) {
        throw DownloadException.temporary(
            "nothing came for %d s".formatted(patience.silence().toSeconds()));
      }
    }
    if (total.isPresent() && bytes != total.getAsLong()) {
      throw DownloadException.temporary(
          "the connection ended after %,d of %,d bytes".formatted(bytes, total.getAsLong()));
    }
  }
}
