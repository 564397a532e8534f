package ernie4j.server.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.pipeline.Attempt;
import java.util.List;
import java.util.Set;

/**
 * A path under which the models of a task are asked.
 *
 * @param path for example {@code /v1/parse}
 * @param fields the fields of a request besides {@code model}
 */
record Route<R>(String path, Set<String> fields, Reader reader, Writer<R> writer) {
  /**
   * The texts of a request and what it says about them.
   *
   * @param field where the texts stand in the request
   */
  record Question(String field, List<Input> inputs, Parameters parameters) {
    /** Texts of the usual field. */
    Question(List<Input> inputs, Parameters parameters) {
      this(RequestFields.INPUT, inputs, parameters);
    }
  }

  /** Reads a request. */
  interface Reader {
    /** The question; a {@link RequestException} names what is wrong with it. */
    Question read(RequestFields request);
  }

  /** Writes a response. */
  interface Writer<R> {
    /** Adds the results to a response, in which only the model stands. */
    void write(
        ObjectNode response, RequestFields request, Question question, List<Attempt<R>> results);
  }
}
