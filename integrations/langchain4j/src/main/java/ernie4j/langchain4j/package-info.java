/** Models of LangChain4j on ernie4j's pipelines. */
@NullMarked
package ernie4j.langchain4j;

import org.jspecify.annotations.NullMarked;
