package ernie4j.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.server.task.Paths;
import ernie4j.server.task.RequestException;
import ernie4j.server.task.RequestFields;
import ernie4j.server.task.ServedModel;
import ernie4j.server.task.ServedModels;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The routes: what requests must contain, what answers them, and the format of errors. */
final class Api {
  private static final String JSON = "application/json";
  private static final String BEARER = "Bearer ";
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final System.Logger LOG = System.getLogger(Api.class.getName());

  /** The page contains its script and its style and loads nothing else. */
  private static final String PAGE_POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final ServerMetrics metrics;
  private final MemoryBudget memory;
  private final Executor writer;
  private final int maxBodyBytes;
  private final BodyReader bodies;
  private final byte @Nullable [] token;

  // Set before the first request.
  private @Nullable ServedModels models;
  private BooleanSupplier ready = () -> false;

  /**
   * The routes of a service.
   *
   * @param writer writes responses; it may block, because clients may read slowly
   * @param token the token that requests must send; null for none
   */
  Api(
      ServerMetrics metrics,
      MemoryBudget memory,
      Executor writer,
      int maxBodyBytes,
      @Nullable String token) {
    this.metrics = metrics;
    this.memory = memory;
    this.writer = writer;
    this.maxBodyBytes = maxBodyBytes;
    bodies = new BodyReader(maxBodyBytes, System::nanoTime);
    this.token = token == null ? null : token.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Sets what answers requests; called before the first one.
   *
   * @param warm whether the models are warmed up and requests are accepted
   */
  void serve(ServedModels served, BooleanSupplier warm) {
    models = served;
    ready = warm;
  }

  void addTo(RoutesConfig routes) {
    routes.before("/v1/*", this::authorize);
    routes.before("/metrics", this::authorize);
    for (String path : Paths.ALL) {
      routes.post(path, ctx -> answer(path, ctx));
    }
    routes.get("/v1/models", this::listModels);
    routes.get("/healthz", ctx -> ctx.contentType("text/plain").result("ok\n"));
    routes.get("/readyz", this::readiness);
    routes.get(
        "/metrics", ctx -> ctx.contentType(ServerMetrics.CONTENT_TYPE).result(metrics.scrape()));
    byte[] openApi = resource("openapi.json");
    routes.get("/openapi.json", ctx -> ctx.contentType(JSON).result(openApi));
    byte[] page = resource("page.html");
    routes.get(
        "/",
        ctx ->
            ctx.contentType("text/html; charset=utf-8")
                .header("Content-Security-Policy", PAGE_POLICY)
                .header(Header.CACHE_CONTROL, "no-cache")
                .result(page));
    routes.exception(RequestException.class, (e, ctx) -> refuse(ctx, e));
    routes.exception(Exception.class, (e, ctx) -> fail(ctx, e));
    routes.error(404, ctx -> refuseUnlessAnswered(ctx, "there is nothing at " + ctx.path()));
    routes.error(
        405,
        ctx -> refuseUnlessAnswered(ctx, ctx.path() + " does not accept " + ctx.method().name()));
  }

  private void authorize(Context ctx) {
    if (token == null) {
      return;
    }
    String header = ctx.header(Header.AUTHORIZATION);
    boolean right =
        header != null
            && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
            && MessageDigest.isEqual(
                token, header.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8));
    if (!right) {
      ctx.header(Header.WWW_AUTHENTICATE, "Bearer");
      throw RequestException.unauthorized(
          "expected the token of this service as 'Authorization: Bearer TOKEN', got "
              + (header == null ? "none" : "another one"));
    }
  }

  private void answer(String path, Context ctx) {
    Exchange exchange = exchange(ctx);
    exchange.route(path);
    RequestFields request = RequestFields.parse(body(ctx, exchange));
    ServedModel<?> model = Objects.requireNonNull(models).forRequest(path, request.model());
    ctx.future(
        () ->
            model
                .answer(path, request, exchange::asked, writer)
                .thenAccept(response -> respond(ctx, exchange, response)));
  }

  private byte[] body(Context ctx, Exchange exchange) {
    long length = ctx.req().getContentLengthLong();
    if (length > maxBodyBytes) {
      throw bodies.refuse(ctx.bodyInputStream(), length);
    }
    memory.reserveBody(exchange, length < 0 ? maxBodyBytes : length);
    return bodies.read(ctx.bodyInputStream());
  }

  private void respond(Context ctx, Exchange exchange, ObjectNode response) {
    byte[] bytes = bytes(response);
    memory.reserveResponse(exchange, bytes.length);
    ctx.contentType(JSON).result(bytes);
  }

  private void listModels(Context ctx) {
    ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
    ArrayNode data = list.putArray("data");
    for (ServedModel<?> model : Objects.requireNonNull(models).all()) {
      ObjectNode object = data.addObject();
      object.put("id", model.name()).put("object", "model").put("owned_by", "ernie4j");
      object.put("task", model.task());
      model.paths().forEach(object.putArray("paths")::add);
    }
    ctx.contentType(JSON).result(bytes(list));
  }

  private void readiness(Context ctx) {
    boolean is = ready.getAsBoolean();
    ctx.status(is ? 200 : 503).contentType("text/plain").result(is ? "ready\n" : "not ready\n");
  }

  private static void refuse(Context ctx, RequestException e) {
    if (e.status() == 429) {
      ctx.header(Header.RETRY_AFTER, "1");
    }
    error(ctx, e.status(), "invalid_request_error", e.field(), e.getMessage());
  }

  private static void fail(Context ctx, Exception e) {
    Throwable cause =
        e instanceof CompletionException ? Objects.requireNonNullElse(e.getCause(), e) : e;
    if (cause instanceof RequestException refusal) {
      refuse(ctx, refusal);
      return;
    }
    LOG.log(System.Logger.Level.ERROR, "a request to " + ctx.path() + " failed", cause);
    error(ctx, 500, "server_error", null, "the service failed; its log says why");
  }

  private static void refuseUnlessAnswered(Context ctx, String message) {
    if (!exchange(ctx).isRefused()) {
      error(ctx, ctx.statusCode(), "invalid_request_error", null, message);
    }
  }

  /** Writes an error in the format of OpenAI's API. */
  private static void error(
      Context ctx, int status, String type, @Nullable String field, String message) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("error")
        .put("message", message)
        .put("type", type)
        .put("param", field)
        .put("code", String.valueOf(status));
    exchange(ctx).refused();
    ctx.status(status).contentType(JSON).result(bytes(body));
  }

  private static Exchange exchange(Context ctx) {
    return Objects.requireNonNull((Exchange) ctx.req().getAttribute(ExchangeHandler.EXCHANGE));
  }

  private static byte[] bytes(ObjectNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e); // cannot happen with a tree
    }
  }

  private static byte[] resource(String name) {
    try (InputStream in = Api.class.getResourceAsStream("/ernie4j/server/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
