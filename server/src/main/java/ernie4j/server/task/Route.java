package ernie4j.server.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.pipeline.Attempt;
import java.util.List;
import java.util.Set;

/**
 * A path for requests to the models of a task.
 *
 * @param path for example {@code /v1/parse}
 * @param fields the names of the fields of a request, without {@code model}
 */
record Route<R>(String path, Set<String> fields, Reader reader, Writer<R> writer) {
  /**
   * The texts and options of a request.
   *
   * @param field the field of the request that holds the texts
   */
  record Question(String field, List<Input> inputs, Parameters parameters) {
    /** Texts in the usual field. */
    Question(List<Input> inputs, Parameters parameters) {
      this(RequestFields.INPUT, inputs, parameters);
    }
  }

  /** Reads a request. */
  interface Reader {
    /** Parses a request; a {@link RequestException} names what is wrong with it. */
    Question read(RequestFields request);
  }

  /** Writes a response. */
  interface Writer<R> {
    /** Adds the results to a response that so far contains only the model. */
    void write(
        ObjectNode response, RequestFields request, Question question, List<Attempt<R>> results);
  }
}
