package ernie4j.server.task;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.pipeline.Attempt;
import ernie4j.pipeline.LongText;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A named model with the threads that compute its requests.
 *
 * @param <R> the type of its result for a text
 */
public final class ServedModel<R> implements AutoCloseable {
  private final String name;
  private final String task;
  private final Limits limits;
  private final TaskService<R> service;
  private final List<String> paths;
  private final Batcher<R> batcher;

  private ServedModel(
      String name,
      String task,
      Limits limits,
      TaskService<R> service,
      ComputeThreads threads,
      IntConsumer batches) {
    this.name = name;
    this.task = task;
    this.limits = limits;
    this.service = service;
    paths = service.routes().stream().map(Route::path).toList();
    batcher =
        new Batcher<>(
            name,
            threads.count(),
            limits,
            (inputs, parameters) ->
                threads.computing(() -> service.computation().compute(inputs, parameters)),
            batches);
  }

  /** Receives the model that a request is for, and its number of texts. */
  public interface Asked {
    /** Called before anything is computed. */
    void asked(String model, int texts);
  }

  /**
   * Creates a model that can answer at once, though slowly at first.
   *
   * @param longText how long texts are treated, in pipelines that support it; null for the default
   *     of the pipeline
   * @param threads shared by all models of a server
   * @param batches receives the number of texts of every batch
   * @throws WrongTaskException if the task of the model has no HTTP interface
   */
  public static ServedModel<?> of(
      String name,
      Model model,
      Limits limits,
      @Nullable LongText longText,
      ComputeThreads threads,
      IntConsumer batches) {
    return new ServedModel<>(
        name,
        model.task(),
        limits,
        TaskServices.of(model, longText, threads.execution()),
        threads,
        batches);
  }

  /** The name of the model in requests. */
  public String name() {
    return name;
  }

  /** The id of its task. */
  public String task() {
    return task;
  }

  /** The paths that it serves, the usual one first. */
  public List<String> paths() {
    return paths;
  }

  /** The number of texts that wait. */
  public int waitingTexts() {
    return batcher.waitingTexts();
  }

  /** Warms the model up; returns false if the time was too short. */
  public boolean warmUp(Duration limit) {
    return service.pipeline().warmUp(limit);
  }

  /**
   * Answers a request.
   *
   * @param writer writes the response, so that computing is not delayed by it
   * @return the response; it may also fail with a {@link RequestException}
   * @throws RequestException if the request cannot be answered
   */
  public CompletableFuture<ObjectNode> answer(
      String path, RequestFields request, Asked asked, Executor writer) {
    Route<R> route =
        service.routes().stream()
            .filter(r -> r.path().equals(path))
            .findFirst()
            .orElseThrow(
                () ->
                    RequestException.notFound(
                        RequestFields.MODEL,
                        "model: %s answers %s, not %s".formatted(name, paths, path)));
    request.requireOnly(route.fields());
    Route.Question question = route.reader().read(request);
    int texts = question.inputs().size();
    asked.asked(name, texts);
    if (texts > limits.textsOfRequest()) {
      throw RequestException.tooLarge(
          question.field(),
          "%s: %,d texts, but one request may have %,d; send several requests"
              .formatted(question.field(), texts, limits.textsOfRequest()));
    }
    Tokens.requireAtMost(limits.tokensOfRequest(), service.pipeline().tokenizer(), question);
    return batcher
        .submit(question.inputs(), question.parameters())
        .thenApplyAsync(results -> response(route, request, question, results), writer);
  }

  private ObjectNode response(
      Route<R> route, RequestFields request, Route.Question question, List<Attempt<R>> results) {
    ObjectNode response = JsonNodeFactory.instance.objectNode().put(RequestFields.MODEL, name);
    route.writer().write(response, request, question, results);
    return response;
  }

  /** Accepts no more requests; waiting ones are still answered. */
  @Override
  public void close() {
    batcher.close();
  }
}
