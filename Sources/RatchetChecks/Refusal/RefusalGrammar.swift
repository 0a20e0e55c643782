/// How refusals begin, language by language, as PCRE2 patterns (flags `x` and `u`) on text in small letters.
enum RefusalGrammar {
    /// An opening ("I'm sorry, but", "I understand that …, however"), up to three sentences of such openings, and then what
    /// refuses.
    static let english = [
        #"""
        (?(DEFINE)
          (?<adverb> (?:really|simply|just|absolutely|currently|therefore|also|respectfully|unfortunately|sadly|regrettably|
            personally|ethically|legally|directly|actually|still|ever|knowingly|in\ good\ conscience|at\ this\ time) )
          (?<adverbs> (?:,?\s*(?&adverb)\b,?)* )
          # What an assistant is asked for. What only sounds like it is left out: I cannot help but, cannot recommend it enough.
          (?<serve> (?:be\ able\ to\s+)?
            (?: help(?!\s+(?:but|feeling|thinking|noticing|wondering|laughing|smiling|myself|it)\b)
              | assist | comply | fulfi?l{1,2} | accommodate | facilitate | condone | participate | engage\ (?:in|with)
              | (?:provide|give|offer|share|produce)\b(?!\s+(?:up|enough|in)\b)
                  (?!\s+(?:you\s+)?(?:with\s+)?(?:an?\s+|the\s+)?(?:\w+\s+)?(?:exact|precise|definitive|definite|complete|full|perfect|guarantee)\w*)
              | (?:create|generate|write|draft|compose|translate|reproduce)\b(?!\s+(?:well|home|off)\b)
              | answer | respond\ to | discuss | disclose | reveal | talk\ about | speak\ (?:on|about)
              | do\ (?:that|this|so|it|what)\b | go\ along | take\ part | be\ (?:part|of\ (?:help|assistance|service)|involved)
              | continue\ (?:with|this|that) | proceed\ with
              | (?:process|perform|execute|carry\ out|complete|grant|honou?r|satisfy|support|entertain|handle)\ (?:this|that|your|such|the)\s+(?:\w+\s+)?(?:request|instruction|task|command|behavio|activit|action|conversation)
              | tell\ you(?!\s+how\s+(?:much|many|happy|glad|excited|grateful|pleased|sorry|often|thankful|proud|good))
              | (?:explain|describe|show|teach|instruct|guide|advise|walk)\s+(?:you\s+)?(?:through\s+)?(?:on\s+)?(?:how\s+to|that|this|such)\b
              | recommend\s+(?:any|specific|a\ specific|particular)\b
              | (?:access|open|browse|view|visit)\s+(?:any\s+|the\s+)?(?:external|internet|web|links?|urls?|websites?|files?|attachments?|images?|real-?time|live)
              | (?:ignore|bypass|override|disregard)\s+(?:my|the|these|those|any)\b
              | pretend | impersonate | role-?play | act\ as | diagnose | prescribe
              | make\s+(?:jokes|such|that\ kind|content|statements|predictions|judg) ) )
          (?<serving> (?:helping|assisting|providing|giving|offering|sharing|creating|generating|writing|producing|answering|responding|
            discussing|disclosing|engaging|participating|continuing|supporting|completing|complying|doing) )
          # "I cannot help you without your order number" asks for something.
          (?<unconditional> (?![^.!?\n]*\b(?:without|until|unless)\b) )
          (?<core> (?&unconditional)
            (?: \bi\b(?&adverbs)\s*(?:can't|cannot|can\ not|cant|won't|will\ not|could\ not|couldn't|must\ not|may\ not|should\ not|shouldn't)(?&adverbs)\s+(?&serve)
              | \bi(?:'m|\ am)(?&adverbs)\s+(?:not\s+(?:able|allowed|permitted|authori[sz]ed|programmed|designed|equipped|qualified|going|willing|in\ a\ position|at\ liberty)|unable|forbidden)(?&adverbs)\s+to\s+(?&serve)
              | \bi(?:'m|\ am)(?&adverbs)\s+(?:prohibited|restricted|barred|prevented|forbidden|incapable)\s+(?:from|of)\s+(?&serving)
              | \bi(?:'m|\ am)\s+not\s+comfortable\b | \bi\s+(?:don't|do\ not)\s+feel\s+comfortable\b
              | \bi(?:\s+(?:must|have\ to|need\ to|will|would)|'ll|'d)?(?:\s+have\ to)?(?:\s+(?:respectfully|politely))*\s+(?:decline|refuse)(?:\s+to\s+(?&serve)|\s+(?:this|that|your|the)\b|\s*[.,!;]|\s*$)
              | \bi(?:'d|\ would)\s+(?:rather\ not|prefer\ not\ to)\s+(?:say|(?&serve))
              | \bi\s+(?:would\s+)?prefer\ not\ to\s+(?&serve)
              | \bi\s+(?:don't|do\ not)\s+(?:provide|assist\ with|engage\ in|participate\ in|condone|generate|create)\b
              | \bi\s+(?:don't|do\ not)\s+have\s+(?:the\s+)?(?:ability|capability|capabilities|capacity|authority|permission)\s+to\b
              | \bi\s+(?:don't|do\ not)\s+have\s+(?:direct\s+)?access\s+to\s+(?:the\s+)?(?:internet|real-?time|live|external|current|up-to-date)
              | \b(?:that|this|it)(?:'s|\ is)\s+(?:something\s+(?:that\s+)?i\s*(?:can't|cannot|won't|will\ not|'m\ (?:not|unable)|\ am\ (?:not|unable))|not\s+something\s+(?:that\s+)?i\s*(?:can|could|will|'m|\ am))
              | \b(?:it|that|this)(?:'s|\ is|\ would\ be)\s+(?:not\s+(?:appropriate|ethical|responsible|possible)|inappropriate|unethical|irresponsible|illegal|against\s+\w+\s+\w+)\s+for\s+me\s+to\b
              | \b(?:it|that|this|which|doing\ so|request)\b[^.!?\n]{0,60}\bagainst\s+my\s+(?:programming|guidelines|policy|policies|principles|values|ethic)
              | \b(?:request|prompt|question|content|this|that|it|which)\b[^.!?\n]{0,40}\b(?:violates?|goes\ against|breaches)\s+(?:my|our|the|openai's|anthropic's|google's)\s+(?:\w+\s+)?(?:guidelines|polic|terms|principles|rules)
              | \bmy\s+(?:guidelines|programming|policies|policy|instructions)\s+(?:do\ not|don't|doesn't|does\ not|prevents?|prohibits?|forbids?)\b ) )
          (?<assistant> as\s+(?:an?\s+)?(?:\w+\s+)?(?:ai|artificial\s+intelligence|(?:large\s+)?language\s+model|chatbot|(?:virtual\s+)?assistant)\b )
          (?<opener> (?: (?:i'm|i\ am)\s+(?:so\s+|really\s+|very\s+|truly\s+|terribly\s+|deeply\s+)*(?:sorry|afraid|flattered) | sorry
              | (?:my\s+|please\s+accept\s+my\s+)?(?:sincere\s+|deepest\s+)?apologies | i\s+(?:sincerely\s+|do\s+)?apologi[sz]e | unfortunately | regrettably | regretfully | sadly
              | i\s+regret | no | nope | well | hmm+ | oh | ah | whoa | wow | hi | hello | hey | ok | okay | thank\ you | thanks | however | but | that\ said | while | although | though
              | i\s+(?:can\s+|do\s+|completely\s+|totally\s+|fully\s+|truly\s+)?(?:understand|appreciate|know|realize|realise|recognize|recognise|see|hear|get|sense)
              | (?:it|that|this)\s+(?:sounds|seems|looks|is|must) | it's | that's | i(?:'d|\ would)\s+(?:love|like|be\ happy|be\ glad)\ to | your | given | due\ to | for\s+\w+\s+reasons
              | for\s+\w+(?:\s+(?:and|or)\s+\w+)\s+reasons | at\ this\ time | (?&assistant) )\b )
          (?<clause> [^.!?\n]{0,240}?(?:[,;:]|\s-|\b(?:but|however|so|that|and|because|therefore|afraid|sorry|unfortunately|say|reasons|time))\s* )
        )
        \A (?!(?:dear|subject|to:|from:|re:)\b)
        (?: (?&opener) [^.!?\n]{0,300} [.!?\n]+ \s* ){0,3}
        (?: (?:(?&opener)\s*(?&clause)?)? (?&core) [^.!?\n]*
          | (?&assistant)\b [^.!?\n]{0,80}? \bi\s+(?:can't|cannot|can\ not|am\ not|'m\ not|am\ unable|don't\ have|do\ not\ have|don't\ possess|do\ not\ possess)\b [^.!?\n]*
          | (?: (?&opener)\s*[,.]?\s* )? (?:can't|cannot|can\ not|won't|unable\ to|not\ able\ to)\s+(?:help|assist|comply|do\ that|do\ this|answer|fulfill|complete|process)(?:\s+(?:with|you|that|this|your)\b[^.!?\n]*)?\s*(?:[.!\n]|\z) )
        """#,
    ]

    /// One for each of German, French, Spanish, Italian, Portuguese, Dutch, Russian, Japanese and Chinese.
    static let others = [
        #"""
        \A (?: (?:es\ tut\ mir\ (?:\w+\ )?leid|tut\ mir\ leid|entschuldigung|entschuldige|verzeihung|leider|ich\ bedau|ich\ bitte\ um\ entschuldigung|ich\ fürchte|als\ (?:ki|sprachmodell|assistent|künstliche)|ich\ verstehe|nein|hallo|danke|vielen\ dank) [^.!?\n]{0,200}? [\s,.;:!-]+ (?:aber\ |doch\ |jedoch\ |dass\ )? ){0,3}
        (?: (?:(?:dabei|damit|das|dies|hierbei|hier|daher|deshalb|darüber|leider)\s+)? (?:ich\ (?:kann|darf|werde|möchte)|(?:kann|darf|werde|möchte)\ ich)\b [^.!?\n]{0,100}? \b(?:nicht|keine?[nrsm]?)\b [^.!?\n]{0,100}? \b(?:helfen|weiterhelfen|behilflich|unterstützen|unterstützung|beantworten|bereitstellen|erstellen|generieren|verfassen|schreiben|erfüllen|nachkommen|anbieten|liefern|weitergeben|diskutieren|entsprechen|dienen|auskunft|auskünfte|anleitung(?:en)?|empfehlungen|ratschläge|tun)\b
          | ich\b [^.!?\n]{0,80}? \b(?:nicht|keine?[nrsm]?)\b [^.!?\n]{0,80}? \b(?:helfen|weiterhelfen|beantworten|bereitstellen|erstellen|erfüllen|nachkommen|unterstützen)\ (?:kann|darf|werde|möchte)\b
          | ich\ bin\ (?:leider\ )?nicht\ (?:in\ der\ lage|befugt|berechtigt) | ich\ muss\ [^.!?\n]{0,40}?ablehnen )
        """#,
        #"""
        \A (?: (?:je\ suis\ (?:\w+\ )?désolée?|désolée?|je\ m'excuse|(?:toutes\ )?mes\ excuses|malheureusement|je\ regrette|je\ comprends|en\ tant\ qu['e]|non|bonjour|merci) [^.!?\n]{0,200}? [\s,.;:!-]+ (?:mais\ |cependant\ |que\ )? ){0,3}
        je\ (?: ne\ (?:peux|puis|pourrai|vais)\ (?:(?:malheureusement|vraiment|donc)\ )?pas\b [^.!?\n]{0,80}? \b(?:aider|assister|fournir|répondre|créer|générer|écrire|rédiger|donner|partager|satisfaire|accéder\ à|faire\ (?:cela|ça)|discuter|participer|proposer|divulguer)\b
          | ne\ suis\ pas\ (?:en\ mesure|autorisée?|capable) | dois\ (?:décliner|refuser) | refuse\ de )
        """#,
        #"""
        \A (?: (?:lo\ siento|lamento|lamentablemente|perdón|perdona|disculp|mis\ disculpas|desafortunadamente|entiendo|comprendo|como\ (?:una?\ )?(?:ia|inteligencia|modelo|asistente)|no,|hola|gracias|me\ temo) [^.!?\n]{0,200}? [\s,.;:!-]+ (?:pero\ |sin\ embargo,?\ |que\ )? ){0,3}
        no\ (?: (?:puedo|podré|podría|me\ es\ posible|voy\ a|se\ me\ permite)\b [^.!?\n]{0,60}? \b(?:ayudar\w{0,3}|asistir\w{0,3}|proporcionar\w{0,3}|responder\w{0,2}|crear|generar|escribir|dar(?:te|le|les|os)?|compartir|cumplir|hacer\ eso|participar|ofrecer\w{0,3}|brindar\w{0,3}|facilitar\w{0,3})\b
          | estoy\ (?:en\ condiciones|autorizad[oa]) | soy\ capaz )
        """#,
        #"""
        \A (?: (?:mi\ dispiace|scus[ai]|purtroppo|(?:sono\ )?spiacente|come\ (?:ia|intelligenza|modello|assistente)|capisco|no,|ciao|grazie|temo) [^.!?\n]{0,200}? [\s,.;:!-]+ (?:ma\ |tuttavia,?\ |che\ |di\ )? ){0,3}
        non\ (?: (?:posso|potrò|mi\ è\ possibile)\b [^.!?\n]{0,60}? \b(?:aiutar\w{1,3}|assister\w{1,3}|fornir\w{1,3}|rispondere|creare|generare|scrivere|dar(?:e|ti|le|vi)|condividere|soddisfare|farlo|partecipare|offrir\w{1,3})\b
          | sono\ (?:in\ grado|autorizzat[oa]) )
        """#,
        #"""
        \A (?: (?:desculp|sinto\ muito|lamento|lamentavelmente|infelizmente|peço\ desculpas?|como\ (?:uma?\ )?(?:ia|inteligência|modelo|assistente)|entendo|compreendo|não,|olá|obrigad[oa]) [^.!?\n]{0,200}? [\s,.;:!-]+ (?:mas\ |porém,?\ |que\ )? ){0,3}
        (?:eu\ )?não\ (?: (?:posso|consigo|poderei|vou)\b [^.!?\n]{0,60}? \b(?:ajud(?:ar|á-l[oa]s?|ar-te)|auxiliar|fornecer|responder|criar|gerar|escrever|compartilhar|partilhar|atender|fazer\ isso|participar|oferecer)\b
          | sou\ capaz | estou\ (?:autorizad[oa]|em\ condições) )
        """#,
        #"""
        \A (?: (?:sorry|het\ spijt\ (?:me|mij)|helaas|mijn\ excuses|excuses|als\ (?:ai|taalmodel|assistent)|ik\ begrijp|nee|hallo|bedankt) [^.!?\n]{0,200}? [\s,.;:!-]+ (?:maar\ |dat\ )? ){0,3}
        (?: (?:(?:daar|hier|dat|hierbij)\w*\s+)?(?:ik\ (?:kan|mag|zal)|(?:kan|mag|zal)\ ik)\b [^.!?\n]{0,80}? \b(?:niet|geen)\b [^.!?\n]{0,80}? \b(?:helpen|assisteren|verstrekken|beantwoorden|schrijven|genereren|voldoen|aanbieden|delen|geven)\b
          | ik\ ben\ niet\ in\ staat )
        """#,
        #"""
        \A (?: (?:извините|извини|простите|прости|к\ сожалению|мне\ (?:очень\ )?жаль|сожалею|прошу\ прощения|как\ (?:ии|языковая|искусственный)|я\ понимаю|нет|здравствуйте) [^.!?\n]{0,200}? [\s,.;:!-]+ (?:но\ |однако\ |что\ )? ){0,3}
        (?:я\ )?не\ (?:могу|смогу|буду|в\ состоянии|имею\ права)\b [^.!?\n]{0,60}? (?:помочь|помогать|предоставить|предоставлять|ответить|отвечать|выполнить|создать|создавать|написать|обсуждать|поделиться|участвовать|дать\ (?:вам\ )?(?:совет|инструкц))
        """#,
        #"""
        \A (?: (?:申し訳|すみません|ごめんなさい|恐れ入り|残念|お役に立て) [^\n]{0,120}? | [^\n。]{0,60}? )
        (?: (?:お手伝い|お答え|お応え|ご提供|提供|対応|回答|協力|支援|お教え|作成|応じること)(?:することは|は|が|を)?\s*(?:でき(?:ません|かねます|ない)|いたしかねます|しかねます) | お断り(?:し|いた|させ) | 応じ(?:られません|かねます) )
        """#,
        #"""
        \A (?: (?:非常|很|十分|实在|實在)?(?:抱歉|对不起|對不起|遗憾|遺憾|不好意思) [^\n]{0,60}? | (?:作为|作為)[^\n。]{0,40}?[，,]\s* )?
        我?(?:目前|暂时|暫時)?(?:无法|無法|不能|不会|不會|不可以)(?:为|為|向|给|給|对|對|就)?(?:您|你)?[^\n。！？]{0,30}?(?:帮|幫|提供|回答|协助|協助|满足|滿足|讨论|討論|生成|完成|参与|參與|创作|創作|回应|回應|继续|繼續)
        """#,
    ]
}
