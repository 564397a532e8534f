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
 * A model under its name, with what computes for its requests.
 *
 * @param <R> what it says about a text
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

  /** Hears which model a request asks, and how many texts. */
  public interface Asked {
    /** Called before anything is computed. */
    void asked(String model, int texts);
  }

  /**
   * A model that answers, at first slowly.
   *
   * @param longText what happens to long texts where it can be done; null for what the pipeline
   *     does by itself
   * @param threads computes, for all models of a service
   * @param batches hears the number of texts of every batch
   * @throws WrongTaskException if it is for a task that has no HTTP interface
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

  /** What requests call it. */
  public String name() {
    return name;
  }

  /** The id of its task. */
  public String task() {
    return task;
  }

  /** The paths that it answers, the usual one first. */
  public List<String> paths() {
    return paths;
  }

  /** How many texts wait. */
  public int waitingTexts() {
    return batcher.waitingTexts();
  }

  /** Gets it to full speed; false if the time does not suffice. */
  public boolean warmUp(Duration limit) {
    return service.pipeline().warmUp(limit);
  }

  /**
   * Answers a request.
   *
   * @param writer writes the response, so that this does not hold up computing
   * @return the response; it may fail with a {@link RequestException}, too
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
          "%s: %,d texts, and one request may have %,d; send several requests"
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

  /** Takes no more requests; those that wait are answered. */
  @Override
  public void close() {
    batcher.close();
  }
}
