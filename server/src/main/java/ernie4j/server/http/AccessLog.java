package ernie4j.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Request;

/** One line with a JSON object for every request, without its texts. */
public final class AccessLog implements AutoCloseable {
  private static final long FLUSH_MILLIS = 200;
  private static final JsonFactory JSON = new JsonFactory();

  private final Writer out;
  private final ScheduledExecutorService flusher;
  private final ScheduledFuture<?> flushing;
  private boolean failed;

  /** A log to a stream, which stays open. */
  public AccessLog(OutputStream stream) {
    out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
    flusher =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "ernie4j-access-log");
              thread.setDaemon(true);
              return thread;
            });
    flushing =
        flusher.scheduleWithFixedDelay(
            this::flush, FLUSH_MILLIS, FLUSH_MILLIS, TimeUnit.MILLISECONDS);
  }

  void add(Request request, Exchange exchange, int status, long responseBytes, double millis) {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
      json.writeStringField("remote", Request.getRemoteAddr(request));
      json.writeStringField("method", request.getMethod());
      json.writeStringField("path", Request.getPathInContext(request));
      json.writeNumberField("status", status);
      json.writeNumberField("ms", Math.round(millis * 1000) / 1000.0);
      json.writeNumberField("bytes", responseBytes);
      if (exchange.model() != null) {
        json.writeStringField("model", exchange.model());
        json.writeNumberField("texts", exchange.texts());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // cannot happen with a StringWriter
    }
    write(line.append('\n').toString());
  }

  private synchronized void write(String line) {
    try {
      out.write(line);
    } catch (IOException e) {
      fail(e);
    }
  }

  private synchronized void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      fail(e);
    }
  }

  /** The server continues without its log, and reports that once. */
  private void fail(IOException e) {
    if (!failed) {
      failed = true;
      System.getLogger(AccessLog.class.getName())
          .log(System.Logger.Level.WARNING, "the access log cannot be written: " + e.getMessage());
    }
  }

  /** Writes the remaining lines. */
  @Override
  public void close() {
    flushing.cancel(false);
    flusher.shutdown();
    flush();
  }
}
